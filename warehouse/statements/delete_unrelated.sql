-- What a story no longer asks for stays an article, but none of the story.

delete from story_articles
using staged_unrelated
where
    story_articles.story = staged_unrelated.story
    and story_articles.article_id = staged_unrelated.article_id;
