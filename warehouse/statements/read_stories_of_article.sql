select
    story,
    relevance,
    matched_terms
from story_articles
where article_id = $article_id
order by story;
