import assert from 'node:assert/strict';
import {test} from 'node:test';
import {restoreConversation} from '../../source/core/conversation.js';
import {fakeModel, type FakeModel} from '../helpers/fake-model.js';
import {pictureOf} from '../helpers/derived.js';
import {consortiumOf, optionsFor, play, verdictText} from '../helpers/play.js';
import {runConsortium} from '../../source/core/run-consortium.js';
import {stillWorld} from '../helpers/world.js';
import {type RunEvent} from '../../source/core/events.js';

/**
A model that bills a dollar for each thousand tokens, read or written.
*/
const dear = (scripts: Parameters<typeof fakeModel>[0]): FakeModel => ({
	...fakeModel(scripts),
	costOf: ({inputTokens, outputTokens}) =>
		inputTokens === null || outputTokens === null
			? null
			: (inputTokens + outputTokens) / 1000,
});

test('calls that were broken off count with all that was set aside for them, run after run', async () => {
	const world = stillWorld();
	const system = 'word '.repeat(4000);
	const consortium = {
		system,
		limits: {budgetUsd: 13, timeoutSeconds: 600},
	};
	const slow = dear([['half', 'hang']]);
	const cast = {a: slow, arbiter: dear([[verdictText()]])};
	const events: RunEvent[] = [];
	let asked = 0;

	for (let round = 0; round < 4; round++) {
		const picture = pictureOf(events);
		const controller = new AbortController();
		const run = runConsortium(
			consortiumOf(cast, consortium),
			'Why?',
			optionsFor(cast, {
				world,
				signal: controller.signal,
				...(round > 0 && {
					conversation: restoreConversation(
						world,
						picture.start!.conversationId,
						[picture],
					),
					from: {kind: 'resume', run: picture, redo: []},
				}),
			}),
		);

		// A killed process: what came until then, and nothing more.
		for await (const event of run) {
			events.push(event);

			if (event.type === 'call-delta') {
				asked++;
				break;
			}
		}
	}

	// Twenty thousand characters and an answer of a thousand tokens: six dollars each time.
	assert.equal(asked, 2);
	const last = events.at(-1)!;
	assert.equal(last.type, 'run-end');
});

test('a call tells what was set aside for it', async () => {
	const {events} = await play(
		{a: dear([['one']]), arbiter: dear([[verdictText()]])},
		{consortium: {limits: {budgetUsd: 10, timeoutSeconds: 600}}},
	);
	const first = events.find(event => event.type === 'call-start');
	assert.ok(first!.reservedUsd! > 1);
});
