import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {changeConfig} from '../../source/config/config.js';
import {type RunResult} from '../../source/core/result.js';
import {verdictText} from '../helpers/play.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {serve} from '../helpers/scripted.js';

const words = ['-m', 'openai/a', '--arbiter', 'openai/arbiter'];

/**
A day of this many dollars, where an answer is taken to cost one and costs 0.007.
*/
async function dayOf(t: TestContext, dailyLimitUsd: number) {
	const server = await serve(t, {
		a: ['An answer.'],
		arbiter: [verdictText()],
	});
	const home = emptyFolder();
	const price = {input: 0, output: 1000};
	await changeConfig(home, config => ({
		...config,
		settings: {
			dailyLimitUsd,
			prices: {'openai/a': price, 'openai/arbiter': price},
		},
	}));

	const ask = async (...more: string[]) => {
		const {stdout, stderr, code} = await runProgram(
			['run', ...words, '--json', ...more, 'Why?'],
			{env: server.env, home},
		);
		return {
			code,
			stderr,
			result: (stdout === '' ? null : JSON.parse(stdout)) as RunResult | null,
		};
	};

	return {server, home, ask};
}

test('the daily limit holds for all runs of a day together, logged or not', async t => {
	const {server, ask} = await dayOf(t, 1.025);
	assert.equal((await ask()).code, 0);
	assert.equal((await ask('--no-log')).code, 0);

	const third = await ask();
	assert.equal(third.code, 6, third.stderr);
	assert.equal(third.result?.status, 'limited');
	assert.match(
		third.result.reasons[0]!,
		/daily limit of \$1\.025 would be exceeded: \$0\.0280 today/,
	);
	assert.equal(server.seen.length, 4, 'nothing of the third was sent');
});

test('several runs at once do not exceed the daily limit together', async t => {
	const {ask, server} = await dayOf(t, 2.5);
	const codes = await Promise.all(
		['1', '2', '3', '4'].map(async () => (await ask()).code),
	);

	// An answer and a verdict of a dollar each are set aside, one after the other.
	assert.ok(codes.includes(0));
	assert.ok(codes.every(code => code === 0 || code === 6));
	assert.ok(server.seen.length >= 2);
});

test('a model of unknown price is refused while there is a daily limit', async t => {
	const {ask, server} = await dayOf(t, 5);
	const {code, stderr} = await ask('-m', 'openai/nobody-knows');
	assert.equal(code, 2);
	assert.match(
		stderr,
		/daily limit cannot be kept: the price of openai\/nobody-knows is unknown/,
	);
	assert.equal(server.seen.length, 0);
});
