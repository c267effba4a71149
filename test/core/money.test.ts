import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Purse} from '../../source/core/purse.js';
import {UserError} from '../../source/core/user-error.js';
import {failure, fakeModel, type FakeModel} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {play, verdictText} from '../helpers/play.js';
import {stillWorld} from '../helpers/world.js';

/**
A model that costs a dollar for each thousand tokens it writes.
*/
const dear = (scripts: Parameters<typeof fakeModel>[0]): FakeModel => ({
	...fakeModel(scripts),
	costOf: ({outputTokens}) =>
		outputTokens === null ? null : outputTokens / 1000,
});

const limits = (budgetUsd: number) => ({
	limits: {budgetUsd, timeoutSeconds: 600},
});

test('money is set aside for all calls of a step before any is made', async () => {
	const members = [dear([['one']]), dear([['two']])];
	const {events, result} = await play(
		{a: members[0]!, b: members[1]!, arbiter: dear([[verdictText()]])},
		{consortium: limits(1.5)},
	);

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'limited');
	assert.match(
		result.reasons[0]!,
		/budget of \$1\.5 .* \$2\.0000 more must be set aside/,
	);
	assert.deepEqual(
		members.map(({heard}) => heard.length),
		[0, 0],
	);
});

test('what a call really cost takes the place of what was set aside', async () => {
	// Three thousand-token answers are expected in turn, and almost nothing is used.
	const {result} = await play(
		{a: dear([['one']]), arbiter: dear([[verdictText()]])},
		{consortium: limits(1.01)},
	);

	assert.equal(result.status, 'converged');
});

test('an answer that outgrows the money is cut off, kept, and ends the run as limited', async () => {
	const long = 'x'.repeat(1000);
	const {events, result} = await play(
		{
			a: dear([Array.from({length: 20}, () => long)]),
			arbiter: dear([[verdictText()]]),
		},
		{consortium: limits(2.5)},
	);
	const [iteration] = result.iterations;
	const [answer] = iteration!.instances;

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'limited');
	assert.equal(result.reasons[0], 'The budget ended in the middle of a reply.');
	assert.equal(answer!.state, 'stopped');
	assert.equal(answer!.answer.length, 9000, 'two thousand tokens and a piece');
	assert.equal(result.costIsComplete, false);
});

test('an answer within its token limit is never cut off by the budget', async () => {
	const {result} = await play(
		{
			a: dear([['x'.repeat(40_000)]]),
			arbiter: dear([[verdictText()]]),
		},
		{
			consortium: {
				members: [
					{slot: 'a', model: 'a', count: 1, options: {maxTokens: 1000}},
				],
				...limits(2.5),
			},
		},
	);

	assert.equal(result.iterations[0]!.instances[0]!.state, 'answered');
});

test('a broken call is made again only while there is money for it', async () => {
	const breaking = failure({retryable: true});
	const model = dear([['half', {failure: breaking}]]);
	const {result} = await play(
		{a: model, arbiter: dear([[verdictText()]])},
		{
			consortium: limits(1.5),
			world: {
				...stillWorld(),
				async sleep(delayMs) {
					// The run's own time never ends.
					return delayMs > 10_000 ? new Promise(() => {}) : undefined;
				},
			},
		},
	);

	assert.equal(model.heard.length, 1);
	assert.equal(result.iterations[0]!.instances[0]!.state, 'failed');
});

test('a purse is asked before each call and told what each one cost', async () => {
	const {purse, open, settled} = purseOf(100);
	await play(
		{
			a: fakeModel([['one']]),
			b: {
				...fakeModel([[{failure: failure()}]]),
				costOf: ({outputTokens}) => (outputTokens === null ? null : 0.01),
			},
			arbiter: fakeModel([['no sections'], [verdictText()]]),
		},
		{purse},
	);

	assert.equal(open.size, 0, 'nothing stays set aside');
	assert.deepEqual(
		settled.map(([, usd]) => usd),
		[0.01, null, 0.01, 0.01],
		'members, arbiter and its repair',
	);
});

test('a purse that is empty ends the run before its calls, and nothing stays set aside', async () => {
	const member = fakeModel([['one']]);
	const {purse, open} = purseOf(0.015);
	const {result} = await play(
		{a: member, b: member, arbiter: fakeModel([[verdictText()]])},
		{purse},
	);

	assert.equal(result.status, 'limited');
	assert.equal(result.exitCode, 6);
	assert.match(result.reasons[0]!, /^The purse is empty/);
	assert.equal(member.heard.length, 0);
	assert.equal(open.size, 0);
});

test('a purse over an unknown price is refused before anything is called', async () => {
	await assert.rejects(
		play(
			{
				a: fakeModel([['one']], {costUsd: null}),
				arbiter: fakeModel([[verdictText()]]),
			},
			{purse: purseOf(1).purse},
		),
		(error: unknown) =>
			error instanceof UserError &&
			error.message.includes('daily limit cannot be kept: the price of a '),
	);
});

test('a run that is cancelled gives back what it had set aside and did not send', async () => {
	const controller = new AbortController();
	const {purse, open} = purseOf(100);
	await play(
		{a: fakeModel([['one', 'hang']]), arbiter: fakeModel([[verdictText()]])},
		{
			purse,
			signal: controller.signal,
			onEvent({type}) {
				if (type === 'call-delta') {
					controller.abort();
				}
			},
		},
	);

	assert.equal(open.size, 0);
});

function purseOf(usd: number) {
	const open = new Map<string, number>();
	const settled: Array<[string, number | null]> = [];
	const purse: Purse = {
		reserve(callId, more) {
			const taken = open.values().reduce((sum, each) => sum + each, 0);

			if (taken + more > usd) {
				return 'The purse is empty.';
			}

			open.set(callId, (open.get(callId) ?? 0) + more);
			return null;
		},
		settle(callId, cost) {
			open.delete(callId);
			settled.push([callId, cost]);
		},
	};

	return {purse, open, settled};
}
