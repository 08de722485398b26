CREATE TABLE audit (
    id SERIAL NOT NULL,
    at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    login VARCHAR(200) NOT NULL,
    role VARCHAR(200) NOT NULL,
    purpose VARCHAR(200) NOT NULL,
    action VARCHAR(200) NOT NULL,
    scope VARCHAR(1000) NOT NULL,
    object VARCHAR(400) NOT NULL,
    rows INTEGER NOT NULL,
    allowed BOOLEAN NOT NULL,
    CONSTRAINT audit_pkey PRIMARY KEY (id)
);

CREATE INDEX audit_at ON audit (at);

CREATE TABLE case_row (
    id SERIAL NOT NULL,
    key VARCHAR(200) NOT NULL,
    type VARCHAR(200) NOT NULL,
    org VARCHAR(200) NOT NULL,
    dept VARCHAR(200),
    month VARCHAR(200) NOT NULL,
    title_zh VARCHAR(200) NOT NULL,
    title_en VARCHAR(200) NOT NULL,
    state VARCHAR(200) NOT NULL,
    step VARCHAR(200) NOT NULL,
    opened TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    closed TIMESTAMP WITHOUT TIME ZONE,
    reopened INTEGER NOT NULL,
    data JSON NOT NULL,
    CONSTRAINT case_row_pkey PRIMARY KEY (id),
    CONSTRAINT case_row_key_key UNIQUE (key)
);

CREATE TABLE decision (
    id SERIAL NOT NULL,
    key VARCHAR(200) NOT NULL,
    watch VARCHAR(200) NOT NULL,
    org VARCHAR(200) NOT NULL,
    dept VARCHAR(200),
    kind VARCHAR(200) NOT NULL,
    month VARCHAR(200) NOT NULL,
    until DATE,
    reason VARCHAR(200) NOT NULL,
    by VARCHAR(200) NOT NULL,
    at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    CONSTRAINT decision_pkey PRIMARY KEY (id),
    CONSTRAINT decision_key_key UNIQUE (key)
);

CREATE TABLE form (
    id SERIAL NOT NULL,
    key VARCHAR(200) NOT NULL,
    form VARCHAR(200) NOT NULL,
    org VARCHAR(200) NOT NULL,
    dept VARCHAR(200),
    month VARCHAR(200) NOT NULL,
    by VARCHAR(200) NOT NULL,
    at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    data JSON NOT NULL,
    CONSTRAINT form_pkey PRIMARY KEY (id),
    CONSTRAINT form_key_key UNIQUE (key)
);

CREATE TABLE grant_row (
    id SERIAL NOT NULL,
    role VARCHAR(200) NOT NULL,
    action VARCHAR(200) NOT NULL,
    relation VARCHAR(200) NOT NULL,
    org VARCHAR(200),
    holder VARCHAR(200),
    purpose VARCHAR(200) NOT NULL,
    tables VARCHAR(2000) NOT NULL,
    columns VARCHAR(2000) NOT NULL,
    level INTEGER NOT NULL,
    since DATE NOT NULL,
    until DATE,
    by VARCHAR(200) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    CONSTRAINT grant_row_pkey PRIMARY KEY (id)
);

CREATE TABLE partner (
    id SERIAL NOT NULL,
    org VARCHAR(200) NOT NULL,
    partner VARCHAR(200) NOT NULL,
    since DATE NOT NULL,
    until DATE,
    by VARCHAR(200) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    CONSTRAINT partner_pkey PRIMARY KEY (id)
);

CREATE TABLE person (
    id SERIAL NOT NULL,
    login VARCHAR(200) NOT NULL,
    name VARCHAR(200) NOT NULL,
    org VARCHAR(200) NOT NULL,
    dept VARCHAR(200),
    staff_no VARCHAR(200),
    mail VARCHAR(200),
    password VARCHAR(200),
    reset VARCHAR(200),
    reset_until TIMESTAMP WITHOUT TIME ZONE,
    totp VARCHAR(200),
    totp_used INTEGER NOT NULL,
    made TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    ended TIMESTAMP WITHOUT TIME ZONE,
    CONSTRAINT person_pkey PRIMARY KEY (id),
    CONSTRAINT person_org_staff_no_key UNIQUE (org, staff_no),
    CONSTRAINT person_login_key UNIQUE (login)
);

CREATE TABLE deputy (
    id SERIAL NOT NULL,
    person INTEGER NOT NULL,
    deputy INTEGER NOT NULL,
    since DATE NOT NULL,
    until DATE NOT NULL,
    by VARCHAR(200) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    CONSTRAINT deputy_pkey PRIMARY KEY (id),
    CONSTRAINT deputy_person_fkey FOREIGN KEY(person) REFERENCES person (id),
    CONSTRAINT deputy_deputy_fkey FOREIGN KEY(deputy) REFERENCES person (id)
);

CREATE TABLE emergency (
    id SERIAL NOT NULL,
    person INTEGER NOT NULL,
    org VARCHAR(200) NOT NULL,
    subject VARCHAR(200) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    began TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    until TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    approved_by VARCHAR(200),
    approved_at TIMESTAMP WITHOUT TIME ZONE,
    CONSTRAINT emergency_pkey PRIMARY KEY (id),
    CONSTRAINT emergency_person_fkey FOREIGN KEY(person) REFERENCES person (id)
);

CREATE TABLE notice (
    id SERIAL NOT NULL,
    key VARCHAR(200) NOT NULL,
    person INTEGER NOT NULL,
    case_id INTEGER,
    subject VARCHAR(200) NOT NULL,
    body VARCHAR(4000) NOT NULL,
    made TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    read TIMESTAMP WITHOUT TIME ZONE,
    CONSTRAINT notice_pkey PRIMARY KEY (id),
    CONSTRAINT notice_key_person_key UNIQUE (key, person),
    CONSTRAINT notice_person_fkey FOREIGN KEY(person) REFERENCES person (id),
    CONSTRAINT notice_case_id_fkey FOREIGN KEY(case_id) REFERENCES case_row (id)
);

CREATE TABLE post (
    id SERIAL NOT NULL,
    person INTEGER NOT NULL,
    role VARCHAR(200) NOT NULL,
    org VARCHAR(200) NOT NULL,
    dept VARCHAR(200),
    since DATE NOT NULL,
    until DATE,
    by VARCHAR(200) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    CONSTRAINT post_pkey PRIMARY KEY (id),
    CONSTRAINT post_person_fkey FOREIGN KEY(person) REFERENCES person (id)
);

CREATE TABLE session (
    id SERIAL NOT NULL,
    token VARCHAR(200) NOT NULL,
    person INTEGER NOT NULL,
    purpose VARCHAR(200) NOT NULL,
    began TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    seen TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    ended TIMESTAMP WITHOUT TIME ZONE,
    CONSTRAINT session_pkey PRIMARY KEY (id),
    CONSTRAINT session_token_key UNIQUE (token),
    CONSTRAINT session_person_fkey FOREIGN KEY(person) REFERENCES person (id)
);

CREATE TABLE step (
    id SERIAL NOT NULL,
    case_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    name VARCHAR(200) NOT NULL,
    role VARCHAR(200) NOT NULL,
    org VARCHAR(200) NOT NULL,
    dept VARCHAR(200),
    began TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    due DATE NOT NULL,
    escalated TIMESTAMP WITHOUT TIME ZONE,
    done TIMESTAMP WITHOUT TIME ZONE,
    person INTEGER,
    outcome VARCHAR(200),
    data JSON NOT NULL,
    CONSTRAINT step_pkey PRIMARY KEY (id),
    CONSTRAINT step_case_id_number_key UNIQUE (case_id, number),
    CONSTRAINT step_case_id_fkey FOREIGN KEY(case_id) REFERENCES case_row (id),
    CONSTRAINT step_person_fkey FOREIGN KEY(person) REFERENCES person (id)
);

CREATE TABLE delivery (
    id SERIAL NOT NULL,
    notice INTEGER,
    channel VARCHAR(200) NOT NULL,
    attempt INTEGER NOT NULL,
    address VARCHAR(400) NOT NULL,
    tried TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    outcome VARCHAR(200) NOT NULL,
    said VARCHAR(1000) NOT NULL,
    CONSTRAINT delivery_pkey PRIMARY KEY (id),
    CONSTRAINT delivery_notice_channel_attempt_key UNIQUE (notice, channel, attempt),
    CONSTRAINT delivery_notice_fkey FOREIGN KEY(notice) REFERENCES notice (id)
);
