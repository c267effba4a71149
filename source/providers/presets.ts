import {type Endpoint} from './endpoint.js';

const preset = (
	name: string,
	baseUrl: string,
	keyEnv: string | null = null,
): Endpoint => ({name, baseUrl, keyEnv, api: 'chat'});

/**
OpenAI-compatible servers that need no configuration but, for the distant ones, a key.
*/
export const presets: readonly Endpoint[] = [
	preset('ollama', 'http://localhost:11434/v1'),
	preset('lmstudio', 'http://localhost:1234/v1'),
	preset('vllm', 'http://localhost:8000/v1'),
	preset('openrouter', 'https://openrouter.ai/api/v1', 'OPENROUTER_API_KEY'),
	preset('groq', 'https://api.groq.com/openai/v1', 'GROQ_API_KEY'),
	preset('deepseek', 'https://api.deepseek.com/v1', 'DEEPSEEK_API_KEY'),
	preset('mistral', 'https://api.mistral.ai/v1', 'MISTRAL_API_KEY'),
	preset('xai', 'https://api.x.ai/v1', 'XAI_API_KEY'),
	preset('together', 'https://api.together.xyz/v1', 'TOGETHER_API_KEY'),
];

/**
OpenAI itself.
*/
export const openAi: Endpoint = {
	name: 'openai',
	baseUrl: 'https://api.openai.com/v1',
	keyEnv: 'OPENAI_API_KEY',
	api: 'responses',
};
