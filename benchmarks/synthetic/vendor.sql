-- Vendors: one in a few hundred events, plausible names, each with its own level and spread of amounts.
CREATE TABLE word AS
SELECT row_number() OVER () - 1 AS n, * FROM (
    SELECT
        unnest(string_split('Amber Alder Anchor Aspen Atlas Baltic Beacon Birch Bluff Bramble Bridge Canyon '
            'Cedar Cinder Cliff Clover Cobalt Copper Coral Crane Crescent Delta Driftwood Eagle Eastgate Elm '
            'Ember Falcon Fern Flint Garnet Glacier Granite Grove Harrow Hazel Heron Hickory Indigo Iron '
            'Ivory Jasper Juniper Kestrel Lantern Larch Linden', ' ')) AS first,
        unnest(string_split('Supply Logistics Printing Services Systems Partners Foods Electric Freight Design '
            'Labs Media Metals Motors Packaging Paper Plumbing Power Press Produce Security Software Staffing '
            'Stone Studio Textiles Timber Tools Trading Transport Travel Utilities Ventures Water Works '
            'Catering Cleaning Coatings Consulting Dynamics Engineering Equipment Fabrics Farms Fixtures '
            'Gardens Glass', ' ')) AS second
);

CREATE TABLE party AS
SELECT
    v AS rank,
    'V' || lpad(CAST(v AS VARCHAR), 6, '0') AS vendor_id,
    a.first || ' ' || b.second
        || CASE WHEN v < w.n * w.n THEN '' ELSE ' ' || CAST(v // (w.n * w.n) + 1 AS VARCHAR) END AS short_name,
    ['Inc', 'LLC', 'Ltd', 'Corp', 'LP'][1 + CAST(v % 5 AS INTEGER)] AS suffix,
    5.5 + 1.4 * gauss(v, 11) AS mu,
    0.25 + 0.5 * u(v, 12) AS sigma,
    u(v, 13) < 0.15 AS customer
FROM range(greatest(20, CAST($events // 150 AS BIGINT))) AS t(v)
CROSS JOIN (SELECT count(*) AS n FROM word) w
JOIN word a ON a.n = v % w.n
JOIN word b ON b.n = (v // w.n + v) % w.n;
