-- What this load touches, noted before anything is deleted.

create temp table changed_articles as
select distinct article_id
from staged_article_versions;

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

-- the places in `articles` of all that the load asks about: the touched ones, those that share text with these, and the
-- members of their groups; looked for once, since that takes as long as there are articles
create temp table stored_places as
with asked_for as (
    select article_id
    from touched_articles
    union
    select copies.article_id
    from copies
    inner join touched_articles on copies.source_id = touched_articles.article_id
    union
    select copies.source_id
    from copies
    inner join touched_articles on copies.article_id = touched_articles.article_id
    union
    select article_id
    from staged_wire_groups
)

select
    rowid as place,
    article_id
from articles
where article_id in (select asked_for.article_id from asked_for);

-- what there was of them before; mostly nothing, and then no table is searched for it
create temp table replaced_articles as
select article_id
from changed_articles
semi join stored_places using (article_id);

-- the paragraphs of what is touched and has no new version
create temp table touched_rows as
select
    rowid as place,
    article_id,
    position
from paragraphs
where
    article_id in (
        select stored_places.article_id
        from stored_places
        semi join touched_articles using (article_id)
        anti join changed_articles using (article_id)
    );
