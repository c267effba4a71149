import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type SavedConsortium} from '../../../source/core/consortium.js';
import {type RunEvent} from '../../../source/core/events.js';
import {notObserved, type Observer} from '../../../source/core/observation.js';
import {fakeModel} from '../../helpers/fake-model.js';
import {play, verdictText} from '../../helpers/play.js';
import {stillWorld} from '../../helpers/world.js';

const observer: Observer = {
	priceOf: async () => 0,
	async observe(request) {
		const found = notObserved(request, '');
		return found.kind === 'similarity'
			? {...found, problem: 'It is down.'}
			: {...found, isMet: true, problem: null};
	},
};

const marksIn = (events: readonly RunEvent[]) =>
	events.flatMap(event =>
		event.type === 'decision'
			? event.marks.map(({instance, mark}) => `${instance} ${mark}`)
			: [],
	);

test('who was let go is told once, also when the answers are compared before they are weighed', async () => {
	const world = stillWorld();
	let answered = 0;
	const consortium: Partial<SavedConsortium> = {
		strategies: [
			{name: 'quorum', params: {quorum: 3}},
			{name: 'semantic', params: {embedding: 'mock/embed'}},
		],
	};
	const {events} = await play(
		{
			a: fakeModel([['done']]),
			b: fakeModel([['done']]),
			c: fakeModel([['done']]),
			d: fakeModel([['hang']]),
			arbiter: fakeModel([[verdictText()]]),
		},
		{
			consortium,
			observer,
			world,
			onEvent(event) {
				answered += Number(event.type === 'call-end');

				if (event.type === 'call-end' && answered === 3) {
					setImmediate(() => {
						setImmediate(() => {
							void world.pass(5000);
						});
					});
				}
			},
		},
	);

	assert.deepEqual(marksIn(events), ['d#1 late']);
});

test('how the vote went is told once, also when conditions are looked at', async () => {
	const says = (value: number) => fakeModel([[`So.\n<final>${value}</final>`]]);
	const {events, result} = await play(
		{
			a: says(1),
			b: says(1),
			c: says(2),
			arbiter: fakeModel([[verdictText()]]),
		},
		{
			consortium: {
				strategies: [{name: 'voting', params: {arbiter: 'always'}}],
				until: ['regex:a', 'command:true'],
			},
			observer,
		},
	);

	assert.equal(result.status, 'converged');
	assert.deepEqual(marksIn(events).toSorted(), [
		'a#1 winner',
		'b#1 winner',
		'c#1 minority',
	]);
	assert.deepEqual(
		events.flatMap(event =>
			event.type === 'decision' && event.action === 'observe'
				? [event.reason]
				: [],
		),
		['Whether the answer matches a.', 'Whether the answer passes true.'],
	);
});
