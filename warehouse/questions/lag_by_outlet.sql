-- Title: How long after its source does each outlet copy?
-- About: Minutes between the stated times of source and copy, for pairs whose direction is proven and whose times are exact to the minute.
-- Parameter story: name of a story; all stories without it

select
    articles.outlet,
    count(*) as copies,
    round(median(date_diff('minute', sources.published_at, articles.published_at))) as median_lag_minutes,
    min(date_diff('minute', sources.published_at, articles.published_at)) as shortest_lag_minutes,
    max(date_diff('minute', sources.published_at, articles.published_at)) as longest_lag_minutes
from copies
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
