import assert from 'node:assert/strict';
import {test} from 'node:test';
import {apiNames} from '../helpers/protocols.js';
import {
	listIn,
	marksIn,
	memberNamed,
	newMessages,
	restarting,
	synthesisOf,
	type Asked,
} from '../helpers/restarts.js';

const timesIn = (text: string, part: string) => text.split(part).length - 1;

const instanceOf = ({start}: Asked, id: string) =>
	start.instances.find(instance => instance.id === id)!;

/**
What the only message of a request must hold for somebody who was not there: each question and what it came to, once and in order.
*/
function assertTold(list: string, parts: readonly string[]): void {
	const places = parts.map(part => list.indexOf(part));

	assert.deepEqual(
		parts.map(part => timesIn(list, part)),
		parts.map(() => 1),
	);
	assert.deepEqual(
		places,
		places.toSorted((left, right) => left - right),
	);
}

const asThread = ['Which?', synthesisOf(1, 2), 'And then?'];

for (const api of apiNames) {
	test(`another system prompt starts a transcript in ${api} from the thread, and the old one waits`, async t => {
		const {ask} = await restarting(t, api);
		const first = await ask('Which?');
		const {conversationId: id} = first.result;
		const second = await ask('And then?', {
			id,
			consortium: {system: 'Be brief.'},
		});
		const third = await ask('At last?', {id});
		const [request] = second.heard('one');

		assert.equal(instanceOf(second, 'one#1').standing, 'changed');
		assert.notEqual(
			instanceOf(second, 'one#1').transcriptId,
			instanceOf(first, 'one#1').transcriptId,
		);
		assert.equal(timesIn(listIn(api, request!), 'mock-one says'), 0);
		assertTold(listIn(api, request!), asThread);

		assert.deepEqual(
			third.start.instances.map(({transcriptId, standing}) => [
				transcriptId,
				standing,
			]),
			first.start.instances.map(({transcriptId}) => [transcriptId, 'kept']),
		);
		assert.ok(
			listIn(api, third.heard('one')[0]!).startsWith(
				listIn(api, first.heard('one').at(-1)!).slice(0, -1),
			),
		);
	});

	test(`another model starts a transcript in ${api} from the thread, and leaves the others be`, async t => {
		const {ask} = await restarting(t, api);
		const first = await ask('Which?');
		const second = await ask('And then?', {
			id: first.result.conversationId,
			consortium: {
				members: [memberNamed(api, 'one', 'three'), memberNamed(api, 'two')],
			},
		});

		assert.deepEqual(
			second.start.instances.map(({standing}) => standing),
			['changed', 'kept'],
		);
		assertTold(listIn(api, second.heard('three')[0]!), asThread);
		newMessages(api, 'three', second.heard('three'));
		newMessages(api, 'two', [...first.heard('two'), ...second.heard('two')]);
	});

	test(`a member that comes later in ${api} is told the thread, and one that comes back what it missed`, async t => {
		const {ask} = await restarting(t, api);
		const first = await ask('Which?');
		const {conversationId: id} = first.result;
		const second = await ask('And then?', {
			id,
			consortium: {
				members: [memberNamed(api, 'one'), memberNamed(api, 'three')],
			},
		});
		const third = await ask('At last?', {id});

		assert.equal(instanceOf(second, 'three#1').standing, 'new');
		assertTold(listIn(api, second.heard('three')[0]!), asThread);
		assert.deepEqual(second.heard('two'), []);

		const said = newMessages(api, 'two', [
			...first.heard('two'),
			...third.heard('two'),
		]);
		assert.equal(instanceOf(third, 'two#1').standing, 'kept');
		assert.equal(timesIn(said[2]!, 'Which?'), 0);
		assertTold(said[2]!, [
			synthesisOf(1, 2),
			'And then?',
			synthesisOf(2, 2),
			'At last?',
		]);
		newMessages(api, 'one', [
			...first.heard('one'),
			...second.heard('one'),
			...third.heard('one'),
		]);
	});
}

test('a fork shares what came before it, under keys of its own', async t => {
	const {ask} = await restarting(t, 'responses');
	const first = await ask('Which?');
	const {conversationId: id} = first.result;
	const second = await ask('And then?', {id});
	const fork = await ask('Or else?', {id, afterTurn: 1});
	const next = await ask('At last?', {id: fork.result.conversationId});
	const keysOf = (asked: Asked) => [
		...new Set(
			['one', 'two', 'arbiter'].flatMap(model =>
				asked.heard(model).map(({json}) => json['prompt_cache_key']),
			),
		),
	];
	const shared = listIn('responses', first.heard('one').at(-1)!).slice(0, -1);
	const request = listIn('responses', fork.heard('one')[0]!);

	assert.notEqual(fork.result.conversationId, id);
	assert.equal(fork.start.turn, 2);
	assert.equal(fork.start.previousRunId, first.result.runId);
	assert.ok(request.startsWith(shared));
	assert.equal(timesIn(request, 'And then?'), 0);
	assert.deepEqual(keysOf(second), keysOf(first));
	assert.ok(keysOf(fork).every(key => !keysOf(first).includes(key)));
	assert.deepEqual(keysOf(next), keysOf(fork));

	const back = await ask('Still?', {id});
	assert.equal(back.start.turn, 3);
	assert.equal(
		timesIn(listIn('responses', back.heard('one')[0]!), 'Or else?'),
		0,
	);
});

test('a fork reads at Anthropic what was kept before it', async t => {
	const {ask} = await restarting(t, 'anthropic');
	const first = await ask('Which?', {caching: {isFollowUpLikely: true}});
	const fork = await ask('Or else?', {
		id: first.result.conversationId,
		afterTurn: 1,
		consortium: {maxIterations: 1},
	});

	assert.deepEqual(marksIn(fork.heard('one')[0]!), ['2.0']);
});
