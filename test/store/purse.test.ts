import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {test} from 'node:test';
import Database from 'better-sqlite3';
import {ulid} from 'ulid';
import {type RunEventBody} from '../../source/core/events.js';
import {openLog} from '../../source/store/database.js';
import {type Log} from '../../source/store/log.js';
import {createPurse, spentTodayUsd} from '../../source/store/purse.js';
import {callStart, outcome, runStart, stamped} from '../helpers/events.js';
import {keep, logWith} from '../helpers/logs.js';

const noon = new Date(2026, 10, 20, 12).getTime();
const idOf = (at: number) => ulid(at).toLowerCase();

const purseOf = (log: Log, dailyUsd: number, at = noon) =>
	createPurse(log, {dailyUsd, now: () => at});

/**
Log a call that was begun at this moment and cost this much; with undefined it is still open.
*/
function logCall(log: Log, callId: string, costUsd?: number | null): void {
	const runId = `run of ${callId}`;
	keep(
		log,
		stamped(runId, [
			runStart(runId, 'Why?'),
			withId(callStart(runId, 'opus#1', ['Why?']), callId),
			...(costUsd === undefined
				? []
				: [
						{
							type: 'call-end' as const,
							callId,
							iteration: 1,
							speaker: 'opus#1',
							purpose: 'answer' as const,
							committed: true,
							outcome: outcome({text: 'So.', costUsd}),
						},
					]),
		]),
	);
}

const withId = (event: RunEventBody, callId: string): RunEventBody =>
	event.type === 'call-start' ? {...event, callId} : event;

const about = (usd: number) => Math.round(usd * 1e6) / 1e6;

test('what all connections together set aside never exceeds the daily limit', t => {
	const log = logWith(t, []);
	const other = openLog(log.name);
	t.after(() => {
		other.close();
	});
	const [one, two] = [purseOf(log, 1), purseOf(other, 1)];

	assert.equal(one.reserve(idOf(noon), 0.5), null);
	assert.equal(two.reserve(idOf(noon), 0.25), null);
	assert.equal(
		one.reserve(idOf(noon), 0.5),
		'The daily limit of $1 would be exceeded: $0.7500 today, and $0.5000 more must be set aside for the next call. Raise it with /budget day in the app, or as dailyLimitUsd in the settings.',
	);
	assert.equal(two.reserve(idOf(noon), 0.25), null);
	assert.match(two.reserve(idOf(noon), 0.01) ?? '', /daily limit/);
	assert.equal(spentTodayUsd(log, noon), 1);
});

test('while one reckons nobody else sets money aside', t => {
	const log = logWith(t, []);
	const other = openLog(log.name, 1);
	t.after(() => {
		other.close();
	});
	const two = purseOf(other, 1);
	const said: Array<string | null> = [];
	const one = createPurse(log, {
		dailyUsd: 1,
		now() {
			said.push(two.reserve(idOf(noon), 0.5));
			return noon;
		},
	});
	one.reserve(idOf(noon), 0.5);

	assert.equal(said[0], null, 'when a purse is made nobody reckons');
	assert.match(said[1] ?? '', /held by another program/);
	assert.equal(spentTodayUsd(log, noon), 1);
});

test('four processes at once take no more than there is', async t => {
	const log = logWith(t, []);
	const at = (path: string) =>
		JSON.stringify(new URL(`../../${path}`, import.meta.url).href);
	const children = Array.from({length: 4}, () =>
		spawn(
			process.execPath,
			[
				'--import=tsx',
				'--input-type=module',
				'--eval',
				`import {openLog} from ${at('source/store/database.ts')};
				import {createPurse} from ${at('source/store/purse.ts')};
				import {createWorld} from ${at('source/world.ts')};
				const {newId, now} = createWorld();
				const purse = createPurse(openLog(${JSON.stringify(log.name)}), {dailyUsd: 0.5, now});
				let taken = 0;
				for (let count = 0; count < 17; count++) {
					taken += purse.reserve(newId(), 0.0078125) === null ? 1 : 0;
				}
				console.log(taken);`,
			],
			{stdio: ['ignore', 'pipe', 'inherit']},
		),
	);
	const taken = await Promise.all(
		children.map(async child => {
			const [said] = await Promise.all([
				text(child.stdout),
				once(child, 'close'),
			]);
			return Number(said);
		}),
	);

	assert.equal(
		taken.reduce((sum, each) => sum + each, 0),
		64,
	);
});

test('what a call cost takes the place of what was set aside, and nothing is left of one that was not sent', t => {
	const log = logWith(t, []);
	const purse = purseOf(log, 1);
	const [cheap, unknown, unsent] = [idOf(noon), idOf(noon), idOf(noon)];

	for (const id of [cheap, unknown, unsent]) {
		assert.equal(purse.reserve(id, 0.25), null);
	}

	purse.settle(cheap, 0.0625);
	purse.settle(unknown, null);
	purse.settle(unsent, 0);
	assert.equal(spentTodayUsd(log, noon), 0.3125);
});

test('a call that takes more than was set aside is reckoned with anew', t => {
	const log = logWith(t, []);
	const purse = purseOf(log, 1);
	const id = idOf(noon);

	assert.equal(purse.reserve(id, 0.5), null);
	assert.equal(purse.reserve(id, 0.25), null);
	assert.match(purse.reserve(id, 0.5) ?? '', /\$0\.7500 today/);
	purse.settle(id, 0.125);
	assert.equal(spentTodayUsd(log, noon), 0.125);
});

test('calls of the log count with what they cost, also those made before there was a limit', t => {
	const log = logWith(t, []);
	const purse = purseOf(log, 10);
	const [known, dead, broken] = [idOf(noon), idOf(noon), idOf(noon)];
	logCall(log, idOf(noon - 3_600_000), 0.5);
	logCall(log, idOf(noon - 3_600_000), null);

	purse.reserve(known, 1);
	logCall(log, known, 0.25);
	assert.equal(about(spentTodayUsd(log, noon)), 0.75, 'not settled yet');
	purse.settle(known, 0.25);
	assert.equal(about(spentTodayUsd(log, noon)), 0.75);

	purse.reserve(dead, 1);
	logCall(log, dead);
	assert.equal(about(spentTodayUsd(log, noon)), 1.75, 'nobody knows');

	purse.reserve(broken, 1);
	logCall(log, broken, 0.25);
	purse.settle(broken, 1.25);
	assert.equal(
		about(spentTodayUsd(log, noon)),
		3,
		'attempts that broke cost as well',
	);
});

test('a day begins at midnight, local time', t => {
	const log = logWith(t, []);
	const midnight = new Date(2026, 10, 20).getTime();
	logCall(log, idOf(midnight - 1), 5);
	logCall(log, idOf(midnight), 0.25);
	purseOf(log, 9, midnight - 1).reserve(idOf(midnight - 1), 2);
	const purse = purseOf(log, 1);

	assert.equal(spentTodayUsd(log, noon), 0.25);
	assert.equal(purse.reserve(idOf(noon), 0.75), null);
	assert.equal(spentTodayUsd(log, noon + 86_400_000), 0);
});

test('amounts are kept for two days', t => {
	const log = logWith(t, []);
	const day = 86_400_000;
	const rows = log
		.prepare('SELECT count(*) FROM consortium_reservations')
		.pluck();

	for (const days of [3, 1]) {
		const at = noon - days * day;
		purseOf(log, 1, at).reserve(idOf(at), 0.5);
	}

	assert.equal(rows.get(), 2);
	purseOf(log, 1);
	assert.equal(rows.get(), 1);
});

test('a log that is held by somebody else refuses, and the run ends in order', t => {
	const log = logWith(t, []);
	const purse = purseOf(log, 1);
	const id = idOf(noon);
	purse.reserve(id, 0.5);
	log.pragma('busy_timeout = 1');
	const other = new Database(log.name);
	other.exec('BEGIN IMMEDIATE');

	assert.match(
		purse.reserve(idOf(noon), 0.1) ?? '',
		/^The daily limit cannot be kept\. .* held by another program/,
	);
	purse.settle(id, 0.1);
	other.exec('ROLLBACK');
	other.close();
	assert.equal(spentTodayUsd(log, noon), 0.5, 'what was set aside counts');
});
