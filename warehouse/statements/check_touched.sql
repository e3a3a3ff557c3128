-- What the checks look at after a load. The statement with the parameter has to be the last one.

create or replace temp table checked_articles as
select article_id
from touched_articles;

create or replace temp table checked_runs as
select $run_id as run_id;
