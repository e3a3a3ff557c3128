-- What this load touches, noted before anything is deleted.

create temp table changed_articles as
select distinct article_id
from staged_article_versions;

-- what there was of them before; mostly nothing, and then no table is searched for it
create temp table replaced_articles as
select article_id
from changed_articles
semi join articles using (article_id);

create temp table compared_articles as
select article_id
from changed_articles
union
select article_id
from staged_compared;

-- the other ends of old and new copies: whether their paragraphs are original may change
create temp table touched_articles as
with pairs as (
    select
        article_id,
        source_id
    from copies
    union all
    select
        article_id,
        source_id
    from staged_copies
)

select article_id
from compared_articles
union
select pairs.article_id
from pairs
inner join compared_articles on pairs.source_id = compared_articles.article_id
union
select pairs.source_id
from pairs
inner join compared_articles on pairs.article_id = compared_articles.article_id
union
select article_id
from staged_story_articles;
