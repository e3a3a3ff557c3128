-- What the checks look at after a load. The statement with the parameter has to be the last one.

create or replace temp table checked_articles as
select article_id
from touched_articles;

-- whose text is new; that of the others is as it was checked before
create or replace temp table checked_texts as
select article_id
from changed_articles;

create or replace temp table checked_runs as
select $run_id as run_id;
