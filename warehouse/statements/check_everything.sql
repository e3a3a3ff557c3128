-- What the checks look at when all is to be checked: every id that occurs anywhere, so that orphans show.

create or replace temp table checked_runs as
select run_id
from runs
union
select run_id
from url_fates
union
select run_id
from internal.captures;

create or replace temp table checked_texts as
select article_id
from articles;

create or replace temp table checked_articles as
select article_id
from articles
union
select article_id
from article_versions
union
select article_id
from story_articles
union
select article_id
from paragraphs
union
select article_id
from removed_blocks
union
select article_id
from time_signals
union
select article_id
from credit_signals
union
select article_id
from copies
union
select source_id
from copies
union
select article_id
from reused_passages
union
select source_id
from reused_passages
union
select article_id
from wire_groups
union
select article_id
from internal.indexed_articles;
