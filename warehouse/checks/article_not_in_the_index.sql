-- An article isn't in the index of the copy finder, or more than once, or with another version.

select checked_articles.article_id as offender
from checked_articles
inner join articles using (article_id)
left join internal.indexed_articles as indexed
    on
        articles.article_id = indexed.article_id
        and articles.version = indexed.version
group by checked_articles.article_id
having count(indexed.number) <> 1;
