-- A copy names an article that isn't there, or itself.

select copies.article_id || ' from ' || copies.source_id as offender
from copies
left join articles on copies.article_id = articles.article_id
left join articles as sources on copies.source_id = sources.article_id
where
    (
        copies.article_id in (select checked_articles.article_id from checked_articles)
        or copies.source_id in (select checked_articles.article_id from checked_articles)
    )
    and (
        articles.article_id is null
        or sources.article_id is null
        or copies.article_id = copies.source_id
    );
