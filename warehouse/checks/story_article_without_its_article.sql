-- A story lists an article that isn't there, or an article is listed by a story that isn't there.

select story_articles.story || ': ' || story_articles.article_id as offender
from story_articles
inner join checked_articles using (article_id)
left join articles using (article_id)
left join stories using (story)
where
    articles.article_id is null
    or stories.story is null;
