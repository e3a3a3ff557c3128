-- An article without a row before is in no story: to look for conflicts takes longer than all the rest.

insert into story_articles (story, article_id, relevance, matched_terms)
select
    staged.story,
    staged.article_id,
    staged.relevance,
    staged.matched_terms
from staged_story_articles as staged
anti join stored_places using (article_id);

insert into story_articles (story, article_id, relevance, matched_terms)
select
    staged.story,
    staged.article_id,
    staged.relevance,
    staged.matched_terms
from staged_story_articles as staged
semi join stored_places using (article_id)
on conflict (story, article_id) do update set
    relevance = excluded.relevance,
    matched_terms = excluded.matched_terms;
