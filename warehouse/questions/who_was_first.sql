-- Title: Who was first?
-- About: The story's articles by the time of publication that they state, with how exact that is and what it rests on. An article is certainly the first only if its whole interval lies before all others.
-- Parameter story: name of a story; all stories without it

with listed as (
    select distinct article_id
    from story_articles
    where
        $story is null
        or story = $story
)

select
    articles.outlet,
    articles.title,
    articles.published_at,
    articles.published_precision,
    articles.published_source,
    articles.published_latest < min(articles.published_earliest) over (
        order by articles.published_earliest
        rows between 1 following and unbounded following
    ) as is_certainly_before_all_below,
    articles.url
from articles
semi join listed using (article_id)
order by
    articles.published_earliest nulls last,
    articles.published_latest,
    articles.url;
