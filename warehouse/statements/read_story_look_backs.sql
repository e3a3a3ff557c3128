-- How many days back the articles of each story are compared. Null: over everything.

select
    story,
    cast(definition ->> '$.copies.look_back_days' as integer) as look_back_days
from stories;
