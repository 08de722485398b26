CREATE TABLE audit (
    id BIGSERIAL NOT NULL,
    at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    login VARCHAR(200) NOT NULL,
    role VARCHAR(200) NOT NULL,
    purpose VARCHAR(200) NOT NULL,
    action VARCHAR(200) NOT NULL,
    scope VARCHAR(1000) NOT NULL,
    object VARCHAR(400) NOT NULL,
    rows BIGINT NOT NULL,
    allowed BOOLEAN NOT NULL,
    CONSTRAINT audit_pkey PRIMARY KEY (id)
);

CREATE INDEX audit_at ON audit (at);

CREATE TABLE case_row (
    id BIGSERIAL NOT NULL,
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
    reopened BIGINT NOT NULL,
    data JSON NOT NULL,
    CONSTRAINT case_row_pkey PRIMARY KEY (id),
    CONSTRAINT case_row_key_key UNIQUE (key)
);

CREATE TABLE decision (
    id BIGSERIAL NOT NULL,
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
    id BIGSERIAL NOT NULL,
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
    id BIGSERIAL NOT NULL,
    role VARCHAR(200) NOT NULL,
    action VARCHAR(200) NOT NULL,
    relation VARCHAR(200) NOT NULL,
    org VARCHAR(200),
    holder VARCHAR(200),
    purpose VARCHAR(200) NOT NULL,
    tables VARCHAR(2000) NOT NULL,
    columns VARCHAR(2000) NOT NULL,
    level BIGINT NOT NULL,
    since DATE NOT NULL,
    until DATE,
    by VARCHAR(200) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    CONSTRAINT grant_row_pkey PRIMARY KEY (id)
);

CREATE TABLE partner (
    id BIGSERIAL NOT NULL,
    org VARCHAR(200) NOT NULL,
    partner VARCHAR(200) NOT NULL,
    since DATE NOT NULL,
    until DATE,
    by VARCHAR(200) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    CONSTRAINT partner_pkey PRIMARY KEY (id)
);

CREATE TABLE person (
    id BIGSERIAL NOT NULL,
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
    totp_used BIGINT NOT NULL,
    made TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    ended TIMESTAMP WITHOUT TIME ZONE,
    CONSTRAINT person_pkey PRIMARY KEY (id),
    CONSTRAINT person_org_staff_no_key UNIQUE (org, staff_no),
    CONSTRAINT person_login_key UNIQUE (login)
);

CREATE TABLE request (
    id BIGSERIAL NOT NULL,
    key VARCHAR(400) NOT NULL,
    asked VARCHAR(200) NOT NULL,
    at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    status BIGINT,
    answer JSON,
    CONSTRAINT request_pkey PRIMARY KEY (id),
    CONSTRAINT request_key_key UNIQUE (key)
);

CREATE TABLE turn (
    id BIGSERIAL NOT NULL,
    mark VARCHAR(16) NOT NULL,
    CONSTRAINT turn_pkey PRIMARY KEY (id)
);

CREATE TABLE deputy (
    id BIGSERIAL NOT NULL,
    person BIGINT NOT NULL,
    deputy BIGINT NOT NULL,
    since DATE NOT NULL,
    until DATE NOT NULL,
    by VARCHAR(200) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    CONSTRAINT deputy_pkey PRIMARY KEY (id),
    CONSTRAINT deputy_person_fkey FOREIGN KEY(person) REFERENCES person (id),
    CONSTRAINT deputy_deputy_fkey FOREIGN KEY(deputy) REFERENCES person (id)
);

CREATE TABLE emergency (
    id BIGSERIAL NOT NULL,
    person BIGINT NOT NULL,
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

CREATE TABLE job (
    id BIGSERIAL NOT NULL,
    key VARCHAR(200) NOT NULL,
    kind VARCHAR(200) NOT NULL,
    person BIGINT NOT NULL,
    role VARCHAR(200) NOT NULL,
    purpose VARCHAR(200) NOT NULL,
    asked JSON NOT NULL,
    made TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    state VARCHAR(200) NOT NULL,
    worker VARCHAR(200),
    until TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    attempts BIGINT NOT NULL,
    began TIMESTAMP WITHOUT TIME ZONE,
    ended TIMESTAMP WITHOUT TIME ZONE,
    stopping VARCHAR(200),
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    said_zh VARCHAR(1000) NOT NULL,
    said_en VARCHAR(1000) NOT NULL,
    result JSON NOT NULL,
    CONSTRAINT job_pkey PRIMARY KEY (id),
    CONSTRAINT job_key_key UNIQUE (key),
    CONSTRAINT job_person_fkey FOREIGN KEY(person) REFERENCES person (id)
);

CREATE INDEX job_state ON job (state, id);

CREATE TABLE notice (
    id BIGSERIAL NOT NULL,
    key VARCHAR(200) NOT NULL,
    person BIGINT NOT NULL,
    case_id BIGINT,
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
    id BIGSERIAL NOT NULL,
    person BIGINT NOT NULL,
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
    id BIGSERIAL NOT NULL,
    token VARCHAR(200) NOT NULL,
    person BIGINT NOT NULL,
    purpose VARCHAR(200) NOT NULL,
    began TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    seen TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    ended TIMESTAMP WITHOUT TIME ZONE,
    CONSTRAINT session_pkey PRIMARY KEY (id),
    CONSTRAINT session_token_key UNIQUE (token),
    CONSTRAINT session_person_fkey FOREIGN KEY(person) REFERENCES person (id)
);

CREATE TABLE step (
    id BIGSERIAL NOT NULL,
    case_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    name VARCHAR(200) NOT NULL,
    role VARCHAR(200) NOT NULL,
    org VARCHAR(200) NOT NULL,
    dept VARCHAR(200),
    began TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    due DATE NOT NULL,
    escalated TIMESTAMP WITHOUT TIME ZONE,
    done TIMESTAMP WITHOUT TIME ZONE,
    person BIGINT,
    outcome VARCHAR(200),
    data JSON NOT NULL,
    CONSTRAINT step_pkey PRIMARY KEY (id),
    CONSTRAINT step_case_id_number_key UNIQUE (case_id, number),
    CONSTRAINT step_case_id_fkey FOREIGN KEY(case_id) REFERENCES case_row (id),
    CONSTRAINT step_person_fkey FOREIGN KEY(person) REFERENCES person (id)
);

CREATE TABLE token (
    id BIGSERIAL NOT NULL,
    token VARCHAR(200) NOT NULL,
    person BIGINT NOT NULL,
    name VARCHAR(200) NOT NULL,
    role VARCHAR(200) NOT NULL,
    actions VARCHAR(200) NOT NULL,
    orgs VARCHAR(2000) NOT NULL,
    purpose VARCHAR(200) NOT NULL,
    made TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    until TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    used TIMESTAMP WITHOUT TIME ZONE,
    ended TIMESTAMP WITHOUT TIME ZONE,
    by VARCHAR(200) NOT NULL,
    CONSTRAINT token_pkey PRIMARY KEY (id),
    CONSTRAINT token_token_key UNIQUE (token),
    CONSTRAINT token_person_fkey FOREIGN KEY(person) REFERENCES person (id)
);

CREATE TABLE delivery (
    id BIGSERIAL NOT NULL,
    notice BIGINT,
    channel VARCHAR(200) NOT NULL,
    attempt BIGINT NOT NULL,
    address VARCHAR(400) NOT NULL,
    tried TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    outcome VARCHAR(200) NOT NULL,
    said VARCHAR(1000) NOT NULL,
    CONSTRAINT delivery_pkey PRIMARY KEY (id),
    CONSTRAINT delivery_notice_channel_attempt_key UNIQUE (notice, channel, attempt),
    CONSTRAINT delivery_notice_fkey FOREIGN KEY(notice) REFERENCES notice (id)
);
