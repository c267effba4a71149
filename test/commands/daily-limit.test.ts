import assert from 'node:assert/strict';
import {Buffer} from 'node:buffer';
import {readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
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

const asideIn = (home: string) =>
	readdirSync(home).find(name => name.startsWith('config.json.damaged-'));

for (const [what, text] of [
	['a lost comma', '{"version": 1 "settings": {"dailyLimitUsd": 5}}'],
	['another encoding', Buffer.from('\uFEFF{"dailyLimitUsd": 5', 'utf16le')],
	...['"5"', '0', '-1', '1e400'].map(
		value =>
			[
				`the limit ${value}`,
				`{"version": 1, "settings": {"dailyLimitUsd": ${value}}}`,
			] as const,
	),
] as const) {
	test(`nothing is spent while a daily limit is unknown because of ${what}`, async t => {
		const {server, home, ask} = await dayOf(t, 5);
		writeFileSync(join(home, 'config.json'), text);

		for (const more of [[], ['--no-log']]) {
			const {code, stderr, result} = await ask(...more);
			assert.equal(code, 2, stderr);
			assert.equal(result, null);
			assert.ok(
				stderr.replaceAll('\n', ' ').includes(join(home, asideIn(home)!)),
			);
			assert.match(stderr, /Correct it and move it back to config\.json/);
		}

		assert.equal(server.seen.length, 0);
	});
}

test('a simulated run needs no daily limit, and the others go on once it is known or gone', async t => {
	const {server, home, ask} = await dayOf(t, 5);
	const file = join(home, 'config.json');
	writeFileSync(file, '{"settings": {"dailyLimitUsd": 5}');
	const {code, stderr} = await runProgram(
		['run', '-m', 'demo/optimist?delay=0', '-q', 'Why?'],
		{home},
	);
	assert.notEqual(code, 2, stderr);
	assert.equal((await ask()).code, 2);
	assert.equal(server.seen.length, 0);

	rmSync(join(home, asideIn(home)!));
	assert.equal((await ask()).code, 0);
	assert.equal(server.seen.length, 2);
});

test('a damaged configuration without a daily limit forbids nothing', async t => {
	const {home, ask} = await dayOf(t, 5);
	writeFileSync(join(home, 'config.json'), '{"settings": {"bell": true}');
	assert.equal((await ask()).code, 0);
});
