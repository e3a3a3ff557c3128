-- A copy names an article that isn't there, or itself.

select new_copies.article_id || ' from ' || new_copies.source_id as offender
from new_copies
left join known_articles as articles on new_copies.article_id = articles.article_id
left join known_articles as sources on new_copies.source_id = sources.article_id
where
    articles.article_id is null
    or sources.article_id is null
    or new_copies.article_id = new_copies.source_id;
