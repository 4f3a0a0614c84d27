-- employees: people of the employee file who have not left at the end of the window
-- noun: employee
-- table: employee
-- unit: count
-- grain: an employee
-- window: end
-- not included: people who are in no employee file
-- owner: people
-- figure: employee_count = distinct | how many employees
SELECT NULL AS row_key, CAST(NULL AS DATE) AS day, person_name AS person, person_id AS subject, 1 AS value,
  person_id AS document
FROM employee WHERE left_on IS NULL OR left_on > $end_day
