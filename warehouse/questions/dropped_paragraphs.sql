-- Title: Which paragraphs did those who copied leave out?
-- About: Each paragraph of a text that others copied, with how many of them kept something of it.
-- Parameter story: name of a story; all stories without it
-- Parameter story: name of a story; all stories without it

with copiers as (
    select
        source_id as article_id,
        count(*) as copies
    from copies
    where kind <> 'quote'
    group by source_id
),

kept as (
    select
        source_id as article_id,
        source_paragraph as position,
        count(distinct reused_passages.article_id) as copies
    from reused_passages
    group by
        source_id,
        source_paragraph
)

select
    articles.outlet,
    articles.title,
    paragraphs.position,
    paragraphs.text,
    coalesce(kept.copies, 0) as kept_by,
    copiers.copies as of_copies
from copiers
inner join articles using (article_id)
inner join paragraphs using (article_id)
left join kept using (article_id, position)
where
    coalesce(kept.copies, 0) < copiers.copies
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
