import process from 'node:process';
import OpenAI from 'openai';

/**
What any script would do: the same calls with the bare SDK, nothing kept and nothing shown.
*/
const [baseURL = '', members = '3', iterations = '1'] = process.argv.slice(2);
const client = new OpenAI({baseURL, apiKey: 'none', logLevel: 'off'});

async function ask(model: string, content: string): Promise<string> {
	const stream = await client.chat.completions.create({
		model,
		messages: [{role: 'user', content}],
		stream: true,
		stream_options: {include_usage: true},
	});
	let text = '';

	for await (const chunk of stream) {
		text += chunk.choices[0]?.delta.content ?? '';
	}

	return text;
}

const startedAt = performance.now();
const cpuBefore = process.cpuUsage();

for (let iteration = 0; iteration < Number(iterations); iteration++) {
	const answers = await Promise.all(
		Array.from({length: Number(members)}, async () => ask('member', 'Why?')),
	);
	await ask('arbiter', answers.join('\n\n'));
}

const {user, system} = process.cpuUsage(cpuBefore);

process.stdout.write(
	JSON.stringify({
		ms: performance.now() - startedAt,
		cpuMs: (user + system) / 1000,
		rssMb: process.resourceUsage().maxRSS / 1024,
	}),
);
