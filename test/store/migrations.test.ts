import assert from 'node:assert/strict';
import {copyFileSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import Database from 'better-sqlite3';
import {type RunEvent} from '../../source/core/events.js';
import {listConversations} from '../../source/store/conversations.js';
import {openLog} from '../../source/store/database.js';
import {type Log} from '../../source/store/log.js';
import {migrations, versionOf} from '../../source/store/migrations.js';
import {createRunLog} from '../../source/store/run-log.js';
import {runEvents} from '../../source/store/run-events.js';
import {eventsOf} from '../helpers/chats.js';
import {consortium, runOf} from '../helpers/events.js';
import {keep, logWith} from '../helpers/logs.js';

const folder = mkdtempSync(path.join(tmpdir(), 'log-'));

after(() => {
	rmSync(folder, {recursive: true});
});

/**
A log as the first versions left it, with these runs in it; `beginning` is a file to begin with.
*/
function oldLog(
	name: string,
	version: number,
	{
		events,
		beginning,
	}: {readonly events: readonly RunEvent[]; readonly beginning?: URL},
): string {
	const file = path.join(folder, name);
	const present = path.join(folder, `present-${name}`);
	const log = openLog(present);
	keep(log, events);
	log.close();

	if (beginning) {
		copyFileSync(beginning, file);
	}

	const old = new Database(file);
	old.exec(
		'CREATE TABLE consortium_migrations (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL)',
	);

	for (const [index, apply] of migrations.slice(0, version).entries()) {
		apply(old);
		old
			.prepare('INSERT INTO consortium_migrations VALUES (?, 0)')
			.run(index + 1);
	}

	old.prepare('ATTACH ? AS present').run(present);

	for (const table of tablesWith(old, [
		'consortium_',
		'responses',
		'conversations',
	])) {
		const columns = columnsOf(old, table).join(', ');
		old.exec(
			`INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM present.${table}`,
		);
	}

	old.close();
	return file;
}

const tablesWith = (log: Log, beginnings: readonly string[]) =>
	log
		.prepare<[], string>(
			"SELECT name FROM main.sqlite_master WHERE type = 'table' AND name <> 'consortium_migrations'",
		)
		.pluck()
		.all()
		.filter(name =>
			beginnings.some(beginning =>
				beginning.endsWith('_')
					? name.startsWith(beginning)
					: name === beginning,
			),
		);

const columnsOf = (log: Log, table: string) =>
	(log.pragma(`main.table_info("${table}")`) as Array<{name: string}>).map(
		({name}) => name,
	);

const shapeOf = (log: Log) =>
	log
		.prepare<[], string>(
			'SELECT name FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name',
		)
		.pluck()
		.all()
		.map(name => [name, columnsOf(log, name).toSorted()]);

const told = [
	...eventsOf({id: 'r1', chat: 'long', at: 1000}).slice(0, -1),
	...eventsOf({id: 'r2', chat: 'short', at: 2000}),
	...eventsOf({id: 'r3', chat: 'killed', at: 3000}).slice(0, 16),
	...eventsOf({id: 'r1', chat: 'long', at: 5000}).slice(-1),
];

for (const version of [1, 2]) {
	for (const [kind, beginning] of [
		['of ours', undefined],
		[
			'that llm had begun',
			new URL('../fixtures/llm/logs-0.31.db', import.meta.url),
		],
	] as const) {
		test(`a log ${kind} of version ${version} keeps all its runs, gains what is new, and is backed up first`, async () => {
			const name = `${version}-${kind.replaceAll(' ', '-')}.db`;
			const file = oldLog(name, version, {
				events: told,
				...(beginning && {beginning}),
			});
			const before = new Database(file);
			const responses = before.prepare('SELECT * FROM responses').all();
			assert.equal(
				columnsOf(before, 'consortium_runs').includes('active_at'),
				false,
			);
			before.close();

			const log = openLog(file);
			const made = openLog(path.join(folder, `new-${name}`));
			assert.equal(versionOf(log), migrations.length);
			assert.deepEqual(shapeOf(log), shapeOf(made), 'it is as a new one');
			made.close();
			assert.deepEqual(log.prepare('SELECT * FROM responses').all(), responses);
			assert.deepEqual(
				readdirSync(folder).filter(each => each.startsWith(`${name}.before-`)),
				[`${name}.before-${version + 1}.bak`],
			);

			const entries = await listConversations(log, '');
			assert.deepEqual(
				entries.map(({id, lastAt}) => [id, lastAt]),
				[
					['long', 5031],
					['killed', 3000],
					['short', 2031],
				],
				'what has not ended was last active when it began',
			);

			const events = runEvents(log, 'r2');
			assert.equal(events.at(-1)?.type, 'run-end');
			assert.ok(
				events.every(
					event => event.type !== 'call-start' || event.cache === null,
				),
			);
			keep(log, [
				{
					type: 'run-resume',
					limits: consortium.limits,
					runId: 'r3',
					seq: 16,
					t: 9000,
				},
				...runOf('r4'),
			]);
			assert.equal(runEvents(log, 'r3').at(-1)?.type, 'run-resume');
			log.close();
		});
	}
}

test('nothing that is written while a run goes on has to search a whole table', t => {
	const log = logWith(t, []);
	const statements = new Set<string>();
	const listening = new Database(log.name, {
		verbose(sql) {
			statements.add(String(sql));
		},
	});
	const write = createRunLog(listening);

	for (const event of [
		...runOf('run'),
		{
			type: 'run-resume',
			limits: consortium.limits,
			runId: 'run',
			seq: 99,
			t: 9000,
		} as const,
	]) {
		write(event);
	}

	write.close();
	listening.close();
	const changes = [...statements].filter(sql =>
		/^\s*(?:INSERT|UPDATE|DELETE|SELECT)/.test(sql),
	);
	assert.ok(changes.length > 40);

	for (const sql of changes) {
		const plan = log
			.prepare<[], {detail: string}>(`EXPLAIN QUERY PLAN ${sql}`)
			.all();
		assert.ok(
			plan.every(({detail}) => !detail.startsWith('SCAN')),
			`${sql}: ${plan.map(({detail}) => detail).join(', ')}`,
		);
	}
});
