-- day_sort: which days are business days, and which of the others are a weekend's or a holiday
-- purpose: on which days a posting is odd. The last and first day of a period are not: closing entries are dated for
--   them whatever day that is
-- source: ISA 240, A45; the entity's calendar
SELECT c.day_number, coalesce(CASE WHEN c.is_holiday THEN c.holiday_name END, c.day_name) AS name,
       CASE WHEN c.is_business_day THEN 'open'
            WHEN coalesce(c.is_period_end, FALSE) OR coalesce(b.is_period_end, FALSE) THEN 'closing'
            WHEN c.is_holiday THEN 'holiday'
            ELSE 'weekend' END AS sort
FROM calendar c
LEFT JOIN calendar b ON b.day_number = c.day_number - 1
