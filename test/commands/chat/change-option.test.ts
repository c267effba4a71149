import assert from 'node:assert/strict';
import {test} from 'node:test';
import {withChangedOption} from '../../../source/commands/chat/change-option.js';
import {demo} from '../../../source/config/demo.js';

const config = {
	version: 1,
	default: null,
	consortiums: {},
	endpoints: {},
	settings: {},
};
const changed = async (key: string, value: string) =>
	withChangedOption(demo, {key, value}, {config, prompts: '/nowhere'});

test('one thing is changed, and the rest stays', async () => {
	assert.deepEqual(await changed('max-iterations', '5'), {
		...demo,
		maxIterations: 5,
	});
	assert.equal(
		(await changed('confidence-threshold', '90%')).confidenceThreshold,
		0.9,
	);
	assert.deepEqual((await changed('budget', '0.5')).limits, {
		...demo.limits,
		budgetUsd: 0.5,
	});
	assert.equal((await changed('budget', 'none')).limits.budgetUsd, null);
});

test('a role that nobody knows is refused at once, with the nearest one', async () => {
	await assert.rejects(changed('role', 'skeptc'), {
		message: 'There is no role called "skeptc".',
		hint: /Did you mean "skeptic"\?/v,
	});
	assert.deepEqual((await changed('role', 'skeptic')).strategies, [
		{name: 'role', params: {roles: ['skeptic']}},
	]);
});

test('members are replaced by all that are named', async () => {
	const {members} = await changed('model', 'gpt-6-luna:2 ollama/llama3.2');

	assert.deepEqual(
		members.map(({model, count}) => [model, count]),
		[
			['gpt-6-luna', 2],
			['ollama/llama3.2', 1],
		],
	);
});

test('an unknown name is told with the nearest one, and a bad value as its flag tells it', async () => {
	await assert.rejects(
		changed('max-iteration', '5'),
		/Did you mean "max-iterations"/,
	);
	await assert.rejects(changed('memory', 'long'), /--memory/);
});
