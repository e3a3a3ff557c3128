-- Title: How much coverage was there each day?
-- About: Articles per day of publication (UTC), with and without copies.
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
    cast(articles.published_at as date) as day,
    count(*) as articles,
    count(originals.article_id) as without_copies
from articles
semi join listed using (article_id)
left join originals using (article_id)
where articles.published_at is not null
group by day
order by day;
