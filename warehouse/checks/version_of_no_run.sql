-- An article version was made by a run that isn't there.

select article_versions.article_id || ' version ' || article_versions.version as offender
from article_versions
inner join checked_articles using (article_id)
anti join runs using (run_id);
