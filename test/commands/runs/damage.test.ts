import assert from 'node:assert/strict';
import {join} from 'node:path';
import {test} from 'node:test';
import {openLog} from '../../../source/store/database.js';
import {runOf} from '../../helpers/events.js';
import {fillLog} from '../../helpers/filled-log.js';
import {emptyFolder, runProgram} from '../../helpers/program.js';

function damagedHome(damage: string): string {
	const home = emptyFolder();
	fillLog(home, [runOf('bad'), runOf('good')]);
	const log = openLog(join(home, 'log.db'));
	log.exec(damage);
	log.close();
	return home;
}

for (const [words, damage] of [
	[
		['runs', 'show', 'bad'],
		"UPDATE consortium_runs SET config = 'null' WHERE id = 'bad'",
	],
	[
		['run', '-C', 'demo', '--cid', 'bad-chat', 'And now?'],
		"DELETE FROM consortium_calls WHERE iteration = 1 AND run_id = 'bad'",
	],
] as const) {
	test(`\`${words.join(' ')}\` names what is damaged and ends with 2`, async () => {
		const home = damagedHome(damage);
		const {code, stdout, stderr} = await runProgram(words, {home});

		assert.equal(code, 2);
		assert.equal(stdout, '');
		assert.ok(
			stderr.includes(
				`The log ${join(home, 'log.db')} is damaged: the run bad cannot be read.`,
			),
			stderr,
		);
		assert.match(stderr, /consortium-tui doctor\n$/);
	});
}

test('runs that can be read are listed, and the others are named', async () => {
	const home = damagedHome(
		"UPDATE consortium_runs SET started_at = 'x' WHERE id = 'bad'",
	);
	const {code, stdout, stderr} = await runProgram(['runs', 'list'], {home});

	assert.equal(code, 0);
	assert.match(stdout, /^good /m);
	assert.doesNotMatch(stdout, /^bad /m);
	assert.match(stderr, /the run bad cannot be read and is left out\.\n$/);
});

test('a log in which no run can be read is not called empty', async () => {
	const home = damagedHome("UPDATE consortium_runs SET started_at = 'x'");
	const {code, stderr} = await runProgram(['runs', 'list'], {home});

	assert.equal(code, 0);
	assert.match(stderr, /run bad cannot be read/);
	assert.match(stderr, /run good cannot be read/);
	assert.doesNotMatch(stderr, /Nothing is in the log/);
});
