-- An article's versions aren't numbered 1, 2, 3 … without a gap.

select article_versions.article_id as offender
from article_versions
inner join checked_articles using (article_id)
group by article_versions.article_id
having min(article_versions.version) <> 1 or max(article_versions.version) <> count(*);
