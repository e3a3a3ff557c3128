-- An article isn't in the index of the copy finder, or more than once, or with another version.

select new_articles.article_id as offender
from new_articles
left join new_indexed as indexed
    on
        new_articles.article_id = indexed.article_id
        and new_articles.version = indexed.version
group by new_articles.article_id
having count(indexed.number) <> 1;
