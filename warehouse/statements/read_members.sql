select article_id
from story_articles
where story = $story;
