-- Title: Which paragraphs did those who copied leave out?
-- About: Each paragraph that is an article's own, where others took text of it for certain, with how many of them kept something of the paragraph; what everyone dropped comes first.
-- Parameter story: name of a story; all stories without it

with kept as (
    select distinct
        reused_passages.source_id as article_id,
        reused_passages.source_paragraph as position,
        reused_passages.article_id as copy_id
    from reused_passages
    inner join copies using (article_id, source_id)
    inner join paragraphs
        on
            reused_passages.source_id = paragraphs.article_id
            and reused_passages.source_paragraph = paragraphs.position
    where
        paragraphs.is_original
        and copies.direction = 'source_first'
        and copies.kind <> 'quote'
),

copiers as (
    select
        article_id,
        count(distinct copy_id) as copies
    from kept
    group by article_id
),

kept_by as (
    select
        article_id,
        position,
        count(*) as copies
    from kept
    group by
        article_id,
        position
)

select
    articles.outlet,
    articles.title,
    paragraphs.position,
    paragraphs.text,
    coalesce(kept_by.copies, 0) as kept_by,
    copiers.copies as of_copies
from copiers
inner join articles using (article_id)
inner join paragraphs using (article_id)
left join kept_by using (article_id, position)
where
    paragraphs.is_original
    and coalesce(kept_by.copies, 0) < copiers.copies
    and (
        $story is null
        or exists (
            select 1
            from story_articles
            where
                story_articles.article_id = articles.article_id
                and story_articles.story = $story
        )
    )
order by
    kept_by,
    articles.url,
    paragraphs.position;
