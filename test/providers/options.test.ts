import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {type ModelOptions} from '../../source/core/model.js';
import {createDemoModel} from '../../source/providers/demo.js';
import {
	anthropicOptions,
	chatOptions,
	geminiOptions,
	responsesOptions,
} from '../../source/providers/options.js';
import {refusedOption} from '../../source/providers/refusals.js';
import {apiNames, textIn} from '../helpers/protocols.js';
import {
	heard,
	modelPlaying,
	request,
	type ApiName,
} from '../helpers/providers.js';
import {stillWorld} from '../helpers/world.js';

const all = {
	temperature: 0.5,
	topP: 0.9,
	topK: 40,
	maxTokens: 100,
	effort: 'high',
	seed: 7,
	stop: 'END',
	frequencyPenalty: 0.1,
	presencePenalty: 0.2,
	own_name: true,
	nothing: null,
};

const mapped: Readonly<Record<ApiName, Readonly<Record<string, unknown>>>> = {
	chat: {
		temperature: 0.5,
		top_p: 0.9,
		top_k: 40,
		max_tokens: 100,
		reasoning_effort: 'high',
		seed: 7,
		stop: 'END',
		frequency_penalty: 0.1,
		presence_penalty: 0.2,
		own_name: true,
	},
	responses: {
		temperature: 0.5,
		top_p: 0.9,
		top_k: 40,
		max_output_tokens: 100,
		reasoning: {effort: 'high', summary: 'auto'},
		seed: 7,
		stop: 'END',
		frequency_penalty: 0.1,
		presence_penalty: 0.2,
		own_name: true,
	},
	anthropic: {
		temperature: 0.5,
		top_p: 0.9,
		top_k: 40,
		max_tokens: 100,
		output_config: {effort: 'high'},
		thinking: {type: 'adaptive', display: 'summarized'},
		seed: 7,
		stop_sequences: ['END'],
		frequencyPenalty: 0.1,
		presencePenalty: 0.2,
		own_name: true,
	},
	gemini: {
		generationConfig: {
			temperature: 0.5,
			topP: 0.9,
			topK: 40,
			maxOutputTokens: 100,
			thinkingConfig: {includeThoughts: true, thinkingLevel: 'high'},
			seed: 7,
			stopSequences: ['END'],
			frequencyPenalty: 0.1,
			presencePenalty: 0.2,
			own_name: true,
		},
	},
};

/**
What every request has besides its options.
*/
const bare = new Set([
	'model',
	'messages',
	'input',
	'contents',
	'safetySettings',
	'store',
	'stream',
	'stream_options',
]);

for (const api of apiNames) {
	test(`${api}: options go over the wire under the protocol's own names, and nothing else does`, async t => {
		const {model, player} = await modelPlaying(t, api, textIn[api]('Yes.'));
		await heard(model, request('Hello?', {options: all}));
		const sent = Object.entries(player.seen[0]!.json).filter(
			([name]) => !bare.has(name),
		);

		assert.deepEqual(Object.fromEntries(sent), mapped[api]);
	});
}

test('what is given under a name of the server stands beside what we make of an effort, and wins', () => {
	assert.deepEqual(
		responsesOptions({effort: 'low', reasoning: {summary: 'detailed'}}),
		{reasoning: {effort: 'low', summary: 'detailed'}},
	);
	assert.deepEqual(
		anthropicOptions({
			effort: 'low',
			output_config: {format: {type: 'x'}},
			thinking: {type: 'disabled'},
		}),
		{
			output_config: {effort: 'low', format: {type: 'x'}},
			thinking: {type: 'disabled'},
		},
	);
	assert.deepEqual(
		geminiOptions(
			{effort: 'low', thinkingConfig: {includeThoughts: false}},
			'gemini-3.8-flash',
		),
		{
			generationConfig: {
				thinkingConfig: {includeThoughts: false, thinkingLevel: 'low'},
			},
		},
	);
	assert.deepEqual(responsesOptions({reasoning: {summary: 'auto'}}), {
		reasoning: {summary: 'auto'},
	});
});

test('an effort is a number of tokens for Gemini 2.5, and settings about safety are no option of the model', () => {
	assert.deepEqual(
		geminiOptions({effort: 'medium', safetySettings: []}, 'gemini-2.5-flash'),
		{
			safetySettings: [],
			generationConfig: {
				thinkingConfig: {includeThoughts: true, thinkingBudget: 8192},
			},
		},
	);
});

test('without options nothing is said about any', () => {
	assert.deepEqual(chatOptions({}), {});
	assert.deepEqual(responsesOptions({effort: null}), {});
	assert.deepEqual(anthropicOptions({}), {});
	assert.deepEqual(geminiOptions({}, 'x'), {generationConfig: {}});
});

const vendors = {
	openai: {provider: 'openai', api: 'responses', seller: 'openai'},
	anthropic: {provider: 'anthropic', api: 'anthropic', seller: 'anthropic'},
	gemini: {provider: 'gemini', api: 'gemini', seller: 'google'},
	box: {provider: 'box', api: 'chat', seller: null},
} as const;

const refusalOf = (id: string, options: ModelOptions) => {
	const [provider = '', model = ''] = id.split('/', 2);
	return refusedOption(options, {
		...vendors[provider as keyof typeof vendors],
		model,
	});
};

const refused: ReadonlyArray<readonly [string, ModelOptions, RegExp]> = [
	[
		'box/x',
		{temperature: 2.5},
		/temperature of box\/x takes a number from 0 to 2, not 2\.5\.$/,
	],
	['box/x', {temperature: 'hot'}, /not "hot"\.$/],
	['box/x', {topP: 2}, /0 to 1/],
	['box/x', {topK: 0}, /whole number/],
	['box/x', {maxTokens: 1.5}, /whole number/],
	['box/x', {effort: 'hard'}, /one of none, minimal, low/],
	['box/x', {seed: 'x'}, /whole number/],
	['box/x', {stop: [1]}, /list of texts/],
	['box/x', {stop: ''}, /list of texts/],
	['box/x', {presencePenalty: 3}, /-2 to 2/],
	['box/x', {messages: []}, /messages of box\/x cannot be set/],
	['box/x', {n: 2}, /cannot be set/],
	['box/x', {tools: []}, /cannot be set/],
	[
		'box/x',
		{maxTokens: 5, max_tokens: 6},
		/maxTokens and max_tokens .* are the same/,
	],
	[
		'gemini/gemini-3.8-flash',
		{maxTokens: 5, maxOutputTokens: 6},
		/are the same/,
	],
	[
		'openai/gpt-6-luna',
		{temperature: 0.2},
		/gpt-6-luna does not take temperature: .*effort=none/,
	],
	['openai/gpt-6-luna', {top_p: 0.2}, /top_p/],
	['openai/o3', {temperature: 0.2}, /reasoning model/],
	['openai/gpt-5-mini', {topP: 0.2}, /reasoning model/],
	['openai/gpt-4o', {stop: 'x'}, /Responses API/],
	['openai/gpt-6.1-sol', {effort: 'none'}, /effort=none: it always thinks/],
	['openai/gpt-6.2-astra', {effort: 'minimal'}, /effort=minimal/],
	['anthropic/claude-opus-5-5', {temperature: 0.2}, /sampling/],
	['anthropic/claude-opus-5-5', {top_k: 3}, /top_k/],
	['anthropic/claude-opus-5-5', {seed: 3}, /seed/],
	['anthropic/claude-opus-5-5', {effort: 'none'}, /low is the least/],
	['gemini/gemini-3.8-flash', {effort: 'max'}, /effort=max/],
	['gemini/gemini-4-argon', {effort: 'none'}, /effort=none/],
	['gemini/gemini-2.5-pro', {effort: 'none'}, /minimal is the least/],
	['gemini/gemini-2.5-flash', {effort: 'xhigh'}, /high is the most/],
	[
		'gemini/gemini-4-argon',
		{thinkingConfig: {thinkingBudget: 5}},
		/thinkingBudget/,
	],
	['gemini/gemini-3.8-flash', {stop: ['1', '2', '3', '4', '5', '6']}, /five/],
];

for (const [id, options, says] of refused) {
	test(`${id} with ${JSON.stringify(options)} is refused before it is called`, () => {
		assert.match(refusalOf(id, options) ?? 'nothing', says);
	});
}

const accepted: ReadonlyArray<readonly [string, ModelOptions]> = [
	['box/gpt-6-luna', {temperature: 0.2, topK: 3, seed: 1, stop: ['a']}],
	['box/claude-opus-5-5', {temperature: 0.2, effort: 'none'}],
	['openai/gpt-6-luna', {temperature: 0.2, effort: 'none'}],
	['openai/gpt-6-sol', {effort: 'none'}],
	['openai/gpt-4o', {temperature: 0.2}],
	['openai/gpt-5-chat-latest', {temperature: 0.2}],
	['anthropic/claude-opus-5-5', {effort: 'max', stop: 'x', maxTokens: 1}],
	['gemini/gemini-2.5-flash', {effort: 'none'}],
	['gemini/gemini-3.8-flash', {effort: 'minimal', topK: 3, seed: 1}],
	['openai/gpt-6-luna', {temperature: null}],
];

for (const [id, options] of accepted) {
	test(`${id} with ${JSON.stringify(options)} is for the server to judge`, () => {
		assert.equal(refusalOf(id, options), null);
	});
}

test('a simulated model takes the options of any other, and minds its own', () => {
	const model = createDemoModel('careful', stillWorld());

	assert.equal(model.refusalOf({effort: 'low', delay: 0, other: 1}), null);
	assert.match(model.refusalOf({delay: 'no'})!, /delay of demo\/careful/);
	assert.match(model.refusalOf({effort: 'hard'})!, /one of none/);
});

test('whatever is given is refused in a sentence or sent whole', () => {
	const keys = fc.oneof(
		fc.constantFrom(...Object.keys(all), 'max_tokens', 'thinking', 'tools'),
		fc.string(),
	);

	fc.assert(
		fc.property(
			fc.dictionary(keys, fc.jsonValue()),
			fc.constantFrom(...Object.values(vendors)),
			(options, vendor) => {
				const refusal = refusedOption(options, {...vendor, model: 'x'});

				if (refusal !== null) {
					assert.match(refusal, /\.$/);
					return;
				}

				const wanted = Object.values(options).filter(value => value !== null);
				const sent = {
					chat: chatOptions,
					responses: responsesOptions,
					anthropic: anthropicOptions,
					gemini: (given: ModelOptions) => geminiOptions(given, 'x'),
				}[vendor.api](options);
				const text = JSON.stringify(sent);

				for (const value of wanted) {
					assert.ok(text.includes(JSON.stringify(value).slice(1, -1)), text);
				}
			},
		),
	);
});
