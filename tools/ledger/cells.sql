-- Cells become values: exact, or not at all. Words in {braces} are filled in by cells.py.

-- The text of a (trimmed) cell, NULL when it stands for "missing".
CREATE OR REPLACE TEMP MACRO cell(x) AS CASE
    WHEN strlen(x) > {longest} THEN x
    WHEN strlen(x) > {short} THEN CASE WHEN lower(x) IN ({missing_long}) THEN NULL ELSE x END
    WHEN list_position([{missing_short}], lower(x)) IS NOT NULL THEN NULL
    ELSE x END;

-- An amount's text with its currency sign inside the bracket, as in ($5), and with a minus for the side that takes
-- away: "12.30 CR" and "12.30 DR" (DB), "12,30 H" and "12,30 S", "12,30 C" and "12,30 D" say on which side of the account it stands.
CREATE OR REPLACE TEMP MACRO tidied(x, away) AS CASE
    WHEN contains(x, '(') THEN regexp_replace(x, '^([^0-9(),.+-]{1,4}) ?[(]', '(\1')
    WHEN right(upper(x), 1) IN ('R', 'B', 'C', 'D', 'S', 'H') THEN regexp_replace(
        regexp_replace(x, '([0-9.,]) ?' || away || '$', '\1-', 'i'), '([0-9.,]) ?(cr|dr|db|c|d|s|h)$', '\1', 'i')
    ELSE x END;

-- The parts of an amount that is not short (n); NULL for one that is, or is missing.
CREATE OR REPLACE TEMP MACRO parts(n, x, mark) AS CASE
    WHEN n IS NOT NULL OR x IS NULL THEN NULL
    WHEN mark = '.' THEN regexp_extract(
        translate(regexp_replace(x, '{space}+', ' ', 'g'), {minuses}, '-----'), '{amount_with_point}', {groups})
    ELSE regexp_extract(
        translate(regexp_replace(x, '{space}+', ' ', 'g'), {minuses}, '-----'), '{amount_with_comma}', {groups}) END;

-- Whether a currency sign may stand before an amount of that currency.
CREATE OR REPLACE TEMP MACRO is_sign(sign, code) AS
    sign = '' OR coalesce(sign = code OR list_contains([{signed}], concat(sign, code)), FALSE);

-- Whether parts make one amount: a bracket is closed, one mark of the sign at most, the currency's own sign.
CREATE OR REPLACE TEMP MACRO is_amount(p, code) AS
    (p.whole <> '' OR p.part <> '') AND (p.open = '') = (p.close = '')
    AND length(p.open) + length(p.lead) + length(p.mid) + length(p.trail) <= 1
    AND is_sign(p.sign, code) AND is_sign(p.unit, code);

-- Decimal text with a point, out of the parts of an amount; NULL when they make none.
CREATE OR REPLACE TEMP MACRO decimal_text(p, code) AS CASE
    WHEN is_amount(p, code) THEN concat(
        CASE WHEN p.open <> '' OR '-' IN (p.lead, p.mid, p.trail) THEN '-' ELSE '' END,
        regexp_replace(p.whole, '[^0-9]', '', 'g'), '.', p.part) END;

-- How many decimals a currency has (ISO 4217).
CREATE OR REPLACE TEMP MACRO places(code) AS CASE code {places} ELSE 2 END;

-- Minor units: the digits moved; the first dropped digit rounds half up (away from zero).
CREATE OR REPLACE TEMP MACRO minor(d, places) AS
    (CASE WHEN starts_with(d, '-') THEN -1 ELSE 1 END) * (
        TRY_CAST(
            '0' || ltrim(split_part(d, '.', 1), '-') || rpad(split_part(d, '.', 2), places, '0') AS BIGINT
        ) + CASE WHEN substr(split_part(d, '.', 2), places + 1, 1) >= '5' THEN 1 ELSE 0 END);

-- A short plain amount as a fixed-point number, NULL for others: the fast way for nearly all amounts.
CREATE OR REPLACE TEMP MACRO short(x, mark) AS CASE
    WHEN mark = '.' AND regexp_full_match(x, '-?[0-9]{1,9}([.][0-9]{1,4})?') THEN CAST(x AS DECIMAL(13, 4))
    WHEN mark = ',' AND regexp_full_match(x, '-?[0-9]{1,9}(,[0-9]{1,4})?')
    THEN CAST(replace(x, ',', '.') AS DECIMAL(13, 4)) END;

-- A short amount in minor units, still with what lies behind them.
CREATE OR REPLACE TEMP MACRO moved(n, places) AS n * CASE places
    WHEN 2 THEN CAST(100 AS DECIMAL(5, 0)) WHEN 0 THEN CAST(1 AS DECIMAL(5, 0))
    WHEN 3 THEN CAST(1000 AS DECIMAL(5, 0)) WHEN 4 THEN CAST(10000 AS DECIMAL(5, 0)) END;

-- Whether digits were dropped that say something.
CREATE OR REPLACE TEMP MACRO is_rounded(d, places) AS
    rtrim(substr(split_part(d, '.', 2), places + 1), '0') <> '';

-- Minor units of a short amount n, or of the decimal text d.
CREATE OR REPLACE TEMP MACRO minor_of(n, d, places) AS
    CASE WHEN n IS NOT NULL THEN CAST(moved(n, places) AS BIGINT) ELSE minor(d, places) END;

CREATE OR REPLACE TEMP MACRO is_rounded_of(n, d, places) AS CASE
    WHEN n IS NOT NULL THEN moved(n, places) <> CAST(moved(n, places) AS BIGINT)
    ELSE coalesce(is_rounded(d, places), FALSE) END;

-- A moment of the source's zone, told in the entity's.
CREATE OR REPLACE TEMP MACRO in_zone(x, from_zone, zone) AS
    CASE WHEN from_zone = zone THEN x ELSE timezone(zone, timezone(from_zone, x)) END;

-- An ISO 8601 moment (with a time), in the entity's zone: a naive one is in the source's.
CREATE OR REPLACE TEMP MACRO iso_moment(x, from_zone, zone) AS CASE
    WHEN regexp_full_match(x, '{naive_moment}')
    THEN in_zone(TRY_CAST(replace(x, ',', '.') AS TIMESTAMP), from_zone, zone)
    WHEN regexp_full_match(x, '{moment_with_offset}')
    THEN timezone(zone, TRY_CAST(
        regexp_replace(regexp_replace(x, ' ([+-])', '\1'), '([+-][0-9]{2})([0-9]{2})$', '\1:\2') AS TIMESTAMPTZ)) END;

-- An ISO 8601 date.
CREATE OR REPLACE TEMP MACRO iso_date(x) AS
    CASE WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}') THEN TRY_CAST(x AS DATE) END;

-- A day as spreadsheets count them, from 30 December 1899; a fraction is a time of that day.
CREATE OR REPLACE TEMP MACRO serial_date(x) AS
    CASE WHEN regexp_full_match(x, '[0-9]{5}([.,]0*)?') THEN DATE '1899-12-30' + CAST(left(x, 5) AS INTEGER) END;

CREATE OR REPLACE TEMP MACRO serial_moment(x, from_zone, zone) AS
    CASE WHEN regexp_full_match(x, '[0-9]{5}[.,][0-9]+') THEN in_zone(
        TIMESTAMP '1899-12-30' + to_days(CAST(left(x, 5) AS INTEGER))
        + to_seconds(round(CAST('0.' || substr(x, 7) AS DOUBLE) * 86400)), from_zone, zone) END;

-- A year that no book was kept in is a typing error.
CREATE OR REPLACE TEMP MACRO in_range(x) AS CASE WHEN year(x) BETWEEN 1900 AND 9999 THEN x END;

-- The last four digits of a card number.
CREATE OR REPLACE TEMP MACRO last_four(x) AS
    lpad(right(nullif(regexp_replace(x, '[.]0$|[^0-9]', '', 'g'), ''), 4), 4, '0');

CREATE OR REPLACE TEMP MACRO yes_or_no(x) AS
    CASE WHEN lower(x) IN ('yes', 'y', 'true', 't', '1', 'x') THEN 'yes' ELSE 'no' END;
