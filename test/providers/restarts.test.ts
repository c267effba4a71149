import assert from 'node:assert/strict';
import {test} from 'node:test';
import {apiNames} from '../helpers/protocols.js';
import {
	listIn,
	marksIn,
	newMessages,
	restarting,
	synthesisOf,
	type Asked,
} from '../helpers/restarts.js';
import {type SeenRequest} from '../helpers/wire-player.js';

const minute = 60_000;
const three = {consortium: {maxIterations: 3}};
const lean = {maxIterations: 3, memory: 'lean'} as const;
const rebuild = {maxIterations: 3, memory: 'rebuild'} as const;
const timesIn = (text: string, part: string) => text.split(part).length - 1;
const marks = (requests: readonly SeenRequest[]) =>
	requests.map(request => marksIn(request));
const idsOf = ({start}: Asked) => [
	...start.instances.map(({transcriptId}) => transcriptId),
	...start.arbiters.map(({transcriptId}) => transcriptId),
];

for (const api of apiNames) {
	test(`a conversation in ${api} goes on byte for byte after a restart`, async t => {
		const {ask} = await restarting(t, api);
		const first = await ask('Which?', three);
		const {conversationId: id} = first.result;
		const second = await ask('And then?', {id});

		assert.equal(first.result.answer, synthesisOf(1, 3));
		assert.equal(second.result.answer, synthesisOf(2, 2));
		assert.equal(second.result.conversationId, id);
		assert.equal(second.start.previousRunId, first.result.runId);
		assert.equal(second.start.turn, 2);
		assert.deepEqual(idsOf(second), idsOf(first));
		assert.deepEqual(
			second.start.instances.map(({standing}) => standing),
			['kept', 'kept'],
		);

		for (const model of ['one', 'two']) {
			const requests = [...first.heard(model), ...second.heard(model)];
			const said = newMessages(api, model, requests);
			const followUp = said[3]!;

			assert.equal(requests.length, 5);
			assert.equal(timesIn(listIn(api, requests[4]!), synthesisOf(1, 3)), 1);
			assert.equal(timesIn(listIn(api, requests[4]!), 'Which?'), 1);
			assert.equal(timesIn(listIn(api, requests[4]!), 'And then?'), 1);
			assert.ok(
				followUp.indexOf(synthesisOf(1, 3)) < followUp.indexOf('And then?'),
			);
		}
	});

	test(`the arbiter in ${api} sees the questions and final answers after a restart`, async t => {
		const {ask} = await restarting(t, api);
		const first = await ask('Which?', three);
		const second = await ask('And then?', {id: first.result.conversationId});
		const [brief, next] = second.heard('arbiter');
		const sent = listIn(api, brief!);

		assert.equal(timesIn(sent, 'Which?'), 1);
		assert.equal(timesIn(sent, synthesisOf(1, 3)), 1);
		assert.equal(timesIn(sent, 'And then?'), 1);
		assert.equal(timesIn(sent, synthesisOf(1, 2)), 0);
		const known = sent.slice(0, sent.indexOf('And then?') + 'And then?'.length);
		assert.ok(listIn(api, next!).startsWith(known));
	});
}

test('OpenAI is told the id of each transcript as its key, before and after a restart', async t => {
	const {ask} = await restarting(t, 'responses');
	const first = await ask('Which?', three);
	const second = await ask('And then?', {id: first.result.conversationId});
	const keysOf = (asked: Asked) =>
		['one', 'two', 'arbiter'].map(model => [
			...new Set(asked.heard(model).map(({json}) => json['prompt_cache_key'])),
		]);
	const ids = idsOf(first);

	assert.equal(new Set(ids).size, 3);
	assert.deepEqual(
		keysOf(first),
		ids.map(transcriptId => [transcriptId]),
	);
	assert.deepEqual(keysOf(second), keysOf(first));
});

for (const api of ['chat', 'gemini'] as const) {
	test(`nothing about caches is sent in ${api}`, async t => {
		const {ask} = await restarting(t, api);
		const {heard} = await ask('Which?', {
			caching: {isFollowUpLikely: true},
		});

		for (const {raw} of ['one', 'two', 'arbiter'].flatMap(name =>
			heard(name),
		)) {
			assert.doesNotMatch(raw, /cache/i);
		}
	});
}

test('Anthropic keeps what was said until the last iteration, which only reads', async t => {
	const {ask} = await restarting(t, 'anthropic');
	const first = await ask('Which?', three);
	const second = await ask('And then?', {id: first.result.conversationId});

	assert.deepEqual(marks(first.heard('one')), [['end'], ['end'], ['2.0']]);
	assert.deepEqual(marks(second.heard('one')), [['end'], ['6.0']]);
});

test('Anthropic keeps the last iteration too when a follow-up is likely', async t => {
	const {ask} = await restarting(t, 'anthropic');
	const caching = {isFollowUpLikely: true};
	const first = await ask('Which?', {...three, caching});
	const second = await ask('And then?', {
		id: first.result.conversationId,
		consortium: {maxIterations: 1},
	});

	assert.deepEqual(marks(first.heard('one')), [['end'], ['end'], ['end']]);
	assert.deepEqual(marks(second.heard('one')), [['4.0']]);
});

test('what Anthropic has forgotten is not marked to be read', async t => {
	const {ask} = await restarting(t, 'anthropic');
	const first = await ask('Which?', {
		...three,
		caching: {isFollowUpLikely: true},
	});
	const second = await ask('And then?', {
		id: first.result.conversationId,
		consortium: {maxIterations: 1},
		laterMs: 6 * minute,
	});

	assert.deepEqual(marks(second.heard('one')), [[]]);
});

test('no marker and no key is sent when they are not wanted', async t => {
	for (const api of ['anthropic', 'responses'] as const) {
		const {ask} = await restarting(t, api);
		const {heard} = await ask('Which?', {
			...three,
			caching: {hasMarkers: false, isFollowUpLikely: true},
		});

		for (const {raw} of ['one', 'arbiter'].flatMap(name => heard(name))) {
			assert.doesNotMatch(raw, /cache_(?:control|key)/);
		}
	}
});

test("the arbiter's marker stands on the part that stays the same", async t => {
	const {ask} = await restarting(t, 'anthropic');

	for (const consortium of [{maxIterations: 3}, lean, rebuild]) {
		const {heard} = await ask('Which?', {consortium});
		const requests = heard('arbiter');
		const firstParts = requests.map(request => {
			const list = listIn('anthropic', request);
			return list.slice(0, list.indexOf('},{'));
		});

		assert.deepEqual(marks(requests), [['0.0'], ['0.0'], ['0.0']]);
		assert.equal(new Set(firstParts).size, 1);
	}

	const {heard} = await ask('Which?', {consortium: {maxIterations: 1}});
	assert.deepEqual(marks(heard('arbiter')), [[]]);
});

test('in lean memory the question is kept, the same bytes in each iteration and turn', async t => {
	const {ask} = await restarting(t, 'anthropic');
	const first = await ask('Which?', {consortium: lean});
	const second = await ask('And then?', {
		id: first.result.conversationId,
		consortium: lean,
	});
	const before = first.heard('one').map(each => listIn('anthropic', each));
	const after = second.heard('one').map(each => listIn('anthropic', each));

	assert.deepEqual(marks(first.heard('one')), [['end'], ['0.0'], ['0.0']]);
	assert.deepEqual(marks(second.heard('one')), [['end'], ['2.0'], ['2.0']]);
	assert.ok(before.every(list => list.startsWith(before[0]!.slice(0, -3))));
	assert.ok(after.every(list => list.startsWith(after[0]!.slice(0, -3))));
	assert.ok(after[0]!.startsWith(before[2]!.slice(0, -1)));
	assert.equal(timesIn(after[2]!, 'mock-one says'), 1);
});

test('in rebuild memory nothing of a member is kept', async t => {
	const {ask} = await restarting(t, 'anthropic');
	const first = await ask('Which?', {
		consortium: rebuild,
		caching: {isFollowUpLikely: true},
	});

	assert.deepEqual(marks(first.heard('one')), [[], [], []]);
});
