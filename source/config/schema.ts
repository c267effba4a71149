import {judgingMethods, memoryModes, stopPolicies} from '../core/consortium.js';

const text = {type: 'string'} as const;
const name = {type: 'string', minLength: 1} as const;
const object = {type: 'object'} as const;
const price = {type: 'number', minimum: 0} as const;
const nullable = (type: 'string' | 'number') => ({type: [type, 'null']});
const listOf = (items: object) => ({type: 'array', items});
const mapOf = (additionalProperties: object) => ({
	type: 'object',
	additionalProperties,
});
const closedBy = (values: readonly string[]) => ({enum: values});

/**
An object that must have all of these keys, and may have others.
*/
const having = (
	properties: Readonly<Record<string, object>>,
	optional: Readonly<Record<string, object>> = {},
) => ({
	type: 'object',
	properties: {...properties, ...optional},
	required: Object.keys(properties),
});

const consortium = having(
	{
		v: {const: 1},
		name,
		members: listOf(
			having(
				{slot: name, model: name, count: {type: 'integer', minimum: 1}},
				{options: object, system: text, role: text, weight: {type: 'number'}},
			),
		),
		arbiters: listOf(having({model: name}, {options: object})),
		strategies: listOf(having({name, params: object})),
		judging: closedBy(judgingMethods),
		memory: closedBy(memoryModes),
		confidenceThreshold: {type: 'number', minimum: 0, maximum: 1},
		minIterations: {type: 'integer', minimum: 1},
		maxIterations: {type: 'integer', minimum: 1},
		stop: closedBy(stopPolicies),
		system: nullable('string'),
		limits: having({
			budgetUsd: nullable('number'),
			timeoutSeconds: {type: 'number', exclusiveMinimum: 0},
		}),
	},
	{until: listOf(text)},
);

export const endpointApis = [
	'chat',
	'responses',
	'anthropic',
	'gemini',
] as const;

const endpoint = having({
	baseUrl: name,
	keyEnv: nullable('string'),
	api: closedBy(endpointApis),
});

export const themeSettings = ['auto', 'dark', 'light', 'plain'] as const;

/**
The known settings; others are kept and reported.
*/
export const settingsSchema = {
	providerLimit: {type: 'integer', minimum: 1},
	firstByteSeconds: {type: 'number', exclusiveMinimum: 0},
	stallSeconds: {type: 'number', exclusiveMinimum: 0},
	prices: mapOf(
		having(
			{input: price, output: price},
			{cacheRead: price, cacheWrite: price},
		),
	),
	theme: closedBy(themeSettings),
	bell: {type: 'boolean'},
	dailyLimitUsd: {...nullable('number'), exclusiveMinimum: 0},
	trustedCommands: listOf(text),
} as const;

/**
JSON Schema of the keys of `config.json`.
*/
export const configSchema = {
	version: {type: 'integer'},
	default: nullable('string'),
	consortiums: mapOf(consortium),
	endpoints: mapOf(endpoint),
	settings: {type: 'object', properties: settingsSchema},
};
