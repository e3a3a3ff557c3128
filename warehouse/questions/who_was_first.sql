-- Title: Who was first?
-- About: Articles by the time of publication that they state, with how exact that is and what it rests on. An article is certainly the first only if its whole interval lies before all others.
-- Parameter story: name of a story; all stories without it

with listed as (
    select article_id
    from articles
    where
        $story is null
        or exists (
            select 1
            from story_articles
            where
                story_articles.article_id = articles.article_id
                and story_articles.story = $story
        )
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
