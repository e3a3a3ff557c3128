select
    article_id,
    story
from story_articles
where article_id in (select unnest($article_ids::varchar[]));
