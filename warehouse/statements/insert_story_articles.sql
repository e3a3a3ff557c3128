insert into story_articles (story, article_id, relevance, matched_terms)
select
    story,
    article_id,
    relevance,
    matched_terms
from staged_story_articles
on conflict (story, article_id) do update set
    relevance = excluded.relevance,
    matched_terms = excluded.matched_terms;
