using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Amazon.S3.Model;

namespace Sluice.Destinations.Files.ObjectStores;

/// <summary>
/// Amazon's client without what only Amazon's store bears. It signs the whole body of an upload: bodies that are signed chunk by chunk are refused by
/// others, or kept with the signatures in them. And it takes no ETag for the sum of what it reads: others give what they like.
/// </summary>
internal sealed class PlainS3Client : AmazonS3Client
{
    private readonly ConditionalWeakTable<object, string> _etags = [];

    private PlainS3Client(AmazonS3Config config) : base(config)
    {
    }

    /// <summary>Makes a client of Amazon's store in a region, or of another one at an endpoint.</summary>
    public static PlainS3Client Of(string? endpoint, string? region) => new(Settings(endpoint, region));

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.AddHandlerBefore<Marshaller>(new Outside(_etags));
        pipeline.AddHandlerBefore<Unmarshaller>(new Inside(_etags));
    }

    private static AmazonS3Config Settings(string? endpoint, string? region)
    {
        var config = new AmazonS3Config { MaxErrorRetry = 3 };
        if (endpoint is not null)
        {
            // Whoever speaks S3 at an address of its own has the bucket in the path, and often knows nothing of the newer checksums.
            config.ServiceURL = endpoint;
            config.ForcePathStyle = true;
            config.AuthenticationRegion = region ?? FallbackRegionFactory.GetRegionEndpoint()?.SystemName ?? "us-east-1";
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }
        else if (region is not null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return config;
    }

    // The parts of a big file are made by the SDK: here all requests come by.
    private sealed class Outside(ConditionalWeakTable<object, string> etags) : PipelineHandler
    {
        public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            switch (executionContext.RequestContext.OriginalRequest)
            {
                case PutObjectRequest put:
                    put.UseChunkEncoding = false;
                    break;
                case UploadPartRequest part:
                    part.UseChunkEncoding = false;
                    break;
            }

            var response = await base.InvokeAsync<T>(executionContext);
            if (response is GetObjectResponse found && etags.TryGetValue(found, out var etag))
            {
                found.ETag = etag;
            }

            return response;
        }
    }

    // What the SDK does not see on the way out, it can't compare with.
    private sealed class Inside(ConditionalWeakTable<object, string> etags) : PipelineHandler
    {
        public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            var response = await base.InvokeAsync<T>(executionContext);
            if (executionContext.ResponseContext.Response is GetObjectResponse { ETag: { } etag } found)
            {
                etags.AddOrUpdate(found, etag);
                found.ETag = null;
            }

            return response;
        }
    }
}
