-- What the user knows of outlets.

create table outlets (
    outlet varchar not null,
    country varchar,
    owner varchar,
    type varchar,
    extra json not null,
    primary key (outlet)
);

comment on table outlets is 'What the user says of outlets: the newest table that `wirecopy import-outlets` was given. Join it left: an outlet that the table leaves out has no row.';
comment on column outlets.outlet is 'The outlet, as in articles.';
comment on column outlets.country is 'Its country, as the user writes it. Null when the table doesn''t say.';
comment on column outlets.owner is 'Who owns it, as the user writes it. Null when the table doesn''t say.';
comment on column outlets.type is 'Its type, as the user writes it: daily, broadcaster, agency and so on. Null when the table doesn''t say.';
comment on column outlets.extra is 'The table''s further columns, text by name: extra->>''circulation''.';
