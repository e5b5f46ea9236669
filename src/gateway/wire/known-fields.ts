/**
 * Top-level fields of requests that current client libraries send: `openai` 7.57.0 and `@anthropic-ai/sdk` 1.12.0 (npm,
 * 2026-11), and sampling fields of Messages that older ones send. A field that is none of these is dropped and named to
 * the caller, unless the backend's entry passes it on.
 */
const words = (text: string) => new Set(text.trim().split(/\s+/));

export const knownFields = {
  chat: words(`messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens
    max_tokens metadata modalities moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key
    prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier stop
    store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options`),
  completions: words(`model prompt best_of echo frequency_penalty logit_bias logprobs max_tokens n presence_penalty seed
    stop stream stream_options suffix temperature top_p user`),
  responses: words(`access_programs background context_management conversation image include input instructions
    max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt
    prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream
    stream_options temperature text tool_choice tools top_logprobs top_p truncation user`),
  messages: words(`max_tokens messages model cache_control container diagnostics inference_geo metadata output_config
    service_tier speed stop_sequences stream system temperature thinking tool_choice tools top_k top_p user_profile_id
    workspace_id`),
  embeddings: words('input model dimensions encoding_format user'),
  // Cohere's v2 rerank, which vLLM and others speak too.
  rerank: words('model query documents top_n max_tokens_per_doc priority return_documents'),
  moderations: words('input model'),
  speech: words('input model voice instructions response_format speed stream_format'),
  images: words(`prompt background complexity frame_count frame_duration_ms model moderation n output_compression
    output_format partial_images quality response_format safety_identifier size stream style svg user`),
} as const;
