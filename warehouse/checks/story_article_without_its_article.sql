-- A story lists an article that isn't there, or an article is listed by a story that isn't there.

select new_story_articles.story || ': ' || new_story_articles.article_id as offender
from new_story_articles
left join known_articles using (article_id)
left join stories using (story)
where
    known_articles.article_id is null
    or stories.story is null;
