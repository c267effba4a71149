import {anthropicText} from './anthropic-scenes.js';
import {geminiText} from './gemini-scenes.js';
import {type ApiName} from './providers.js';
import {chatText, responsesText} from './scenes.js';
import {type Scene} from './wire-player.js';

export const apiNames = ['chat', 'responses', 'anthropic', 'gemini'] as const;

/**
A whole answer in each protocol.
*/
export const textIn: Readonly<
	Record<ApiName, (text: string, more?: {model?: string}) => Scene>
> = {
	chat: chatText,
	responses: responsesText,
	anthropic: anthropicText,
	gemini: geminiText,
};

/**
How many pieces of such an answer go out before a first word is said, and not all of them.
*/
export const halfIn: Readonly<Record<ApiName, number>> = {
	chat: 3,
	responses: 6,
	anthropic: 4,
	gemini: 1,
};

/**
The name of the provider and of the variable for its key, in failures.
*/
export const calledIn: Readonly<
	Record<ApiName, {readonly provider: string; readonly keyEnv: string}>
> = {
	chat: {provider: 'server', keyEnv: 'SERVER_KEY'},
	responses: {provider: 'openai', keyEnv: 'OPENAI_API_KEY'},
	anthropic: {provider: 'anthropic', keyEnv: 'ANTHROPIC_API_KEY'},
	gemini: {provider: 'gemini', keyEnv: 'GEMINI_API_KEY'},
};

/**
An error inside a stream that has begun.
*/
export const errorIn: Readonly<
	Record<ApiName, (error: Readonly<Record<string, unknown>>) => string>
> = {
	chat: error => `data: ${JSON.stringify({error})}\n\n`,
	responses: error =>
		`event: error\ndata: ${JSON.stringify({type: 'error', ...error})}\n\n`,
	anthropic: error =>
		`event: error\ndata: ${JSON.stringify({type: 'error', error})}\n\n`,
	gemini: error => `data: ${JSON.stringify({error})}\n\n`,
};
