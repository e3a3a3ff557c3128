-- Title: How long after its source does each outlet copy?
-- About: Minutes between the stated times of an article and of the one whose own words it took, where the times prove the order and are exact to the minute. Who else ran the same text in between doesn't count.
-- Parameter story: name of a story; all stories without it

with own_words as (
    select distinct
        reused_passages.article_id,
        reused_passages.source_id
    from reused_passages
    inner join paragraphs
        on
            reused_passages.source_id = paragraphs.article_id
            and reused_passages.source_paragraph = paragraphs.position
    where paragraphs.is_original
)

select
    articles.outlet,
    count(*) as copies,
    cast(median(date_diff('minute', sources.published_at, articles.published_at)) as bigint) as median_lag_minutes,
    min(date_diff('minute', sources.published_at, articles.published_at)) as shortest_lag_minutes,
    max(date_diff('minute', sources.published_at, articles.published_at)) as longest_lag_minutes
from copies
semi join own_words using (article_id, source_id)
inner join articles using (article_id)
inner join articles as sources on copies.source_id = sources.article_id
where
    copies.direction = 'source_first'
    and copies.kind <> 'quote'
    and articles.published_precision in ('second', 'minute')
    and sources.published_precision in ('second', 'minute')
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
group by articles.outlet
order by
    median_lag_minutes,
    articles.outlet;
