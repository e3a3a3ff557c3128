-- What each verdict on a pair rests on, and how sure it is.

alter table copies add column evidence varchar[];

comment on column copies.evidence is 'What direction and common_agency rest on: published_before, times_overlap or time_missing; both_credit, agency_page (one of the two) or agency_article (a third one, whose text both hold). Null for pairs of an earlier release.';

alter table copies add column confidence double;

comment on column copies.confidence is 'How sure it is that source_id was first: 0.5 where nothing speaks for either, up to 1.0. Null for pairs of an earlier release.';
