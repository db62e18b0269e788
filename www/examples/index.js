// Written by tools/make-examples.mjs from examples.json and the files beside it.
const files = {
 "demo.pub": "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECL7ev48mLHGwljbmLT0k3ZTG5a8x\nRWrZKgSUXFi3UHyCGRstmsBWNzb7ehVGolHcSzRfql3ZU9Y3JZtcGor1Tg==\n-----END PUBLIC KEY-----\n",
 "demo/bundle/cosign-verify.txt": "$ cosign verify --key demo.pub --trusted-root trusted_root.json localhost:5000/demo/hello:1.0\n\nVerification for localhost:5000/demo/hello:1.0 --\nThe following checks were performed on each of these signatures:\n  - The cosign claims were validated\n  - Existence of the claims in the transparency log was verified offline\n  - The signatures were verified against the specified public key\n\n[{\"critical\":{\"identity\":{\"docker-reference\":\"localhost:5000/demo/hello:1.0\"},\"image\":{\"docker-manifest-digest\":\"sha256:7b2f87c9d32b0d58959f59f649e4a8683a6976ef5be6d3fcf804ae41d78ce5fe\"},\"type\":\"https://sigstore.dev/cosign/sign/v1\"},\"optional\":{}}]\n",
 "demo/bundle/crane-digest.txt": "$ crane digest localhost:5000/demo/hello:1.0\nsha256:7b2f87c9d32b0d58959f59f649e4a8683a6976ef5be6d3fcf804ae41d78ce5fe\n",
 "demo/bundle/index-changed.json": "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"size\":401,\"digest\":\"sha256:33bae561fe0a09b76b08a94ffdd506edf6dd12ded2a1a5f4cbb28642f2e24409\",\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"},\"artifactType\":\"application/vnd.oci.image.config.v1+json\"},{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"size\":401,\"digest\":\"sha256:fe426cd84b79d4097c4776584c91ecae13e1a9f4035340c800bd2578b28e26a0\",\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\"},\"artifactType\":\"application/vnd.oci.image.config.v1+json\"}]}",
 "demo/bundle/index.bundle.json": "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"verificationMaterial\":{\"publicKey\":{\"hint\":\"jy+REbR9xj2jmpkpTyi4Ld4RP3AQyUM5pZwfSgzP+2k=\"},\"tlogEntries\":[{\"logIndex\":\"3\",\"logId\":{\"keyId\":\"scnWFjzS4sQ/2mEXeoK7FxQAs5YJm3UAI33pIdq+n1g=\"},\"kindVersion\":{\"kind\":\"hashedrekord\",\"version\":\"0.0.2\"},\"inclusionProof\":{\"logIndex\":\"3\",\"rootHash\":\"wI/mdqjIM5YbIjR/8donJ/YVubnkHT2uHfiDbYbeS9Y=\",\"treeSize\":\"4\",\"hashes\":[\"bTu8KY1hI99BOOlOfwf4VcGN46ulTkmFEfuWQvvJi9U=\",\"3JVMq4c9vcAxPGa6bsG4yezTL9A1obQZ3SLJZT3bLmw=\"],\"checkpoint\":{\"envelope\":\"log.demo.invalid\\n4\\nwI/mdqjIM5YbIjR/8donJ/YVubnkHT2uHfiDbYbeS9Y=\\n\\n— log.demo.invalid scnWFu0Rlo89ZSefXItbwWSKx5duHgVs1mPQvNY6OoAEFxvKiyJfp7AKoSUwBh5RfGKImda34MPuZj7a5zc6Tac2BgI=\\n\"}},\"canonicalizedBody\":\"eyJhcGlWZXJzaW9uIjoiMC4wLjIiLCJraW5kIjoiaGFzaGVkcmVrb3JkIiwic3BlYyI6eyJoYXNoZWRSZWtvcmRWMDAyIjp7ImRhdGEiOnsiYWxnb3JpdGhtIjoiU0hBMl8yNTYiLCJkaWdlc3QiOiJrNzFaTHJDdHQzZ0gxTUEwSnIwK0FjRXZvTkUwaThJL0NmTTgzMW9QZHVzPSJ9LCJzaWduYXR1cmUiOnsiY29udGVudCI6Ik1FUUNJSE5TbGJ4Zy92cDFtT3pidFIwSDRDOXZoWlB4SWNxMUd3OG1mdTlvdkt1SUFpQjAyb0poUmhIalFMNlJpemJVWDltYXhyaXdSUE5RTm5DbWNGS3ZnNytWd0E9PSIsInZlcmlmaWVyIjp7ImtleURldGFpbHMiOiJQS0lYX0VDRFNBX1AyNTZfU0hBXzI1NiIsInB1YmxpY0tleSI6eyJyYXdCeXRlcyI6Ik1Ga3dFd1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEUWdBRUNMN2V2NDhtTEhHd2xqYm1MVDBrM1pURzVhOHhSV3JaS2dTVVhGaTNVSHlDR1JzdG1zQldOemI3ZWhWR29sSGNTelJmcWwzWlU5WTNKWnRjR29yMVRnPT0ifX19fX19\"}]},\"dsseEnvelope\":{\"payload\":\"eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCJzdWJqZWN0IjpbeyJkaWdlc3QiOnsic2hhMjU2IjoiN2IyZjg3YzlkMzJiMGQ1ODk1OWY1OWY2NDllNGE4NjgzYTY5NzZlZjViZTZkM2ZjZjgwNGFlNDFkNzhjZTVmZSJ9LCJhbm5vdGF0aW9ucyI6e319XSwicHJlZGljYXRlVHlwZSI6Imh0dHBzOi8vc2lnc3RvcmUuZGV2L2Nvc2lnbi9zaWduL3YxIiwicHJlZGljYXRlIjp7fX0=\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[{\"sig\":\"MEQCIHNSlbxg/vp1mOzbtR0H4C9vhZPxIcq1Gw8mfu9ovKuIAiB02oJhRhHjQL6RizbUX9maxriwRPNQNnCmcFKvg7+VwA==\"}]}}",
 "demo/bundle/index.json": "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"size\":401,\"digest\":\"sha256:33bae561fe0a09b76b08a94ffdd506edf6dd12ded2a1a5f4cbb28642f2e24409\",\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"},\"artifactType\":\"application/vnd.oci.image.config.v1+json\"},{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"size\":401,\"digest\":\"sha256:fe426cd84b79d4097c4776584c91ecae13e1a9f4035340c800bd2578b28e26ad\",\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\"},\"artifactType\":\"application/vnd.oci.image.config.v1+json\"}]}",
 "demo/bundle/index.signature-manifest.json": "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"mediaType\":\"application/vnd.oci.empty.v1+json\",\"size\":2,\"digest\":\"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\",\"artifactType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\"},\"layers\":[{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"size\":1913,\"digest\":\"sha256:df25936f1932584bb23b2bce31b7b06d428e646bb538da064a6b53bd2b62bbbe\"}],\"annotations\":{\"dev.sigstore.bundle.content\":\"dsse-envelope\",\"dev.sigstore.bundle.predicateType\":\"https://sigstore.dev/cosign/sign/v1\",\"org.opencontainers.image.created\":\"2026-11-21T10:22:19Z\"},\"subject\":{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"size\":607,\"digest\":\"sha256:7b2f87c9d32b0d58959f59f649e4a8683a6976ef5be6d3fcf804ae41d78ce5fe\"},\"artifactType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\"}",
 "demo/bundle/linux-amd64-config.json": "{\"architecture\":\"amd64\",\"created\":\"0001-01-01T00:00:00Z\",\"history\":[{\"created\":\"0001-01-01T00:00:00Z\"}],\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:8245661574186e34b426c38b3ee50be1385b694b4e7487cbaa6168908e5e8f8e\"]},\"config\":{\"Labels\":{\"org.opencontainers.image.title\":\"Hello\"}}}",
 "demo/bundle/linux-amd64.bundle.json": "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"verificationMaterial\":{\"publicKey\":{\"hint\":\"jy+REbR9xj2jmpkpTyi4Ld4RP3AQyUM5pZwfSgzP+2k=\"},\"tlogEntries\":[{\"logIndex\":\"4\",\"logId\":{\"keyId\":\"scnWFjzS4sQ/2mEXeoK7FxQAs5YJm3UAI33pIdq+n1g=\"},\"kindVersion\":{\"kind\":\"hashedrekord\",\"version\":\"0.0.2\"},\"inclusionProof\":{\"logIndex\":\"4\",\"rootHash\":\"0GxR8TqrZbeapaOcabdJ/ynQfbU0jtcQfaz2f8149Tw=\",\"treeSize\":\"5\",\"hashes\":[\"wI/mdqjIM5YbIjR/8donJ/YVubnkHT2uHfiDbYbeS9Y=\"],\"checkpoint\":{\"envelope\":\"log.demo.invalid\\n5\\n0GxR8TqrZbeapaOcabdJ/ynQfbU0jtcQfaz2f8149Tw=\\n\\n— log.demo.invalid scnWFjwjM6/L82t88trqWEVqpV/0d3KtG8oDlTu2ZxO3S1zdlb2CRHKDw5FWTVIzCchvkRRyqamS9UIlyJsHNqhgog8=\\n\"}},\"canonicalizedBody\":\"eyJhcGlWZXJzaW9uIjoiMC4wLjIiLCJraW5kIjoiaGFzaGVkcmVrb3JkIiwic3BlYyI6eyJoYXNoZWRSZWtvcmRWMDAyIjp7ImRhdGEiOnsiYWxnb3JpdGhtIjoiU0hBMl8yNTYiLCJkaWdlc3QiOiJGU1RzWlFzZnJNN1czZFhBN2FodS9GSGlsNWpQNGszRE13aTA4SngrTlVjPSJ9LCJzaWduYXR1cmUiOnsiY29udGVudCI6Ik1FWUNJUURmRzgyYTgvOW42RTEzeC9DVDBGVkhBdnlqd3UwemJvQTl0SXVKVUxzemRRSWhBSkFOSjd1Qm9hQWJFN3RaYktPNTBWQk1IeCthRXA4aVBZb2l3MGJXcnc1SSIsInZlcmlmaWVyIjp7ImtleURldGFpbHMiOiJQS0lYX0VDRFNBX1AyNTZfU0hBXzI1NiIsInB1YmxpY0tleSI6eyJyYXdCeXRlcyI6Ik1Ga3dFd1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEUWdBRUNMN2V2NDhtTEhHd2xqYm1MVDBrM1pURzVhOHhSV3JaS2dTVVhGaTNVSHlDR1JzdG1zQldOemI3ZWhWR29sSGNTelJmcWwzWlU5WTNKWnRjR29yMVRnPT0ifX19fX19\"}]},\"dsseEnvelope\":{\"payload\":\"eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCJzdWJqZWN0IjpbeyJkaWdlc3QiOnsic2hhMjU2IjoiMzNiYWU1NjFmZTBhMDliNzZiMDhhOTRmZmRkNTA2ZWRmNmRkMTJkZWQyYTFhNWY0Y2JiMjg2NDJmMmUyNDQwOSJ9LCJhbm5vdGF0aW9ucyI6e319XSwicHJlZGljYXRlVHlwZSI6Imh0dHBzOi8vc2lnc3RvcmUuZGV2L2Nvc2lnbi9zaWduL3YxIiwicHJlZGljYXRlIjp7fX0=\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[{\"sig\":\"MEYCIQDfG82a8/9n6E13x/CT0FVHAvyjwu0zboA9tIuJULszdQIhAJANJ7uBoaAbE7tZbKO50VBMHx+aEp8iPYoiw0bWrw5I\"}]}}",
 "demo/bundle/linux-amd64.json": "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"size\":294,\"digest\":\"sha256:6119ab942c8b5aa5cd73525bad12b325be900d38ef94be39ef276e9cd1cfedaf\"},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"size\":115,\"digest\":\"sha256:d3295e2a318abc29cc140affeded27874f55ac1f99bb156a0f05ae8063949601\"}]}",
 "demo/bundle/linux-arm64-config.json": "{\"architecture\":\"arm64\",\"created\":\"0001-01-01T00:00:00Z\",\"history\":[{\"created\":\"0001-01-01T00:00:00Z\"}],\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:0e96a83502044a2c8429df3e6d92269ea61832a7b71c8aea0c9a4a91c04846c0\"]},\"config\":{\"Labels\":{\"org.opencontainers.image.title\":\"Hello\"}}}",
 "demo/bundle/linux-arm64.bundle.json": "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"verificationMaterial\":{\"publicKey\":{\"hint\":\"jy+REbR9xj2jmpkpTyi4Ld4RP3AQyUM5pZwfSgzP+2k=\"},\"tlogEntries\":[{\"logIndex\":\"5\",\"logId\":{\"keyId\":\"scnWFjzS4sQ/2mEXeoK7FxQAs5YJm3UAI33pIdq+n1g=\"},\"kindVersion\":{\"kind\":\"hashedrekord\",\"version\":\"0.0.2\"},\"inclusionProof\":{\"logIndex\":\"5\",\"rootHash\":\"FCKwEt9Bs9oKYTWRb8T3GL8/r/2vGXXo42UCwq0mMy4=\",\"treeSize\":\"6\",\"hashes\":[\"fl6PBoNcKS8RCN3SQTz9DdVli81Pea8N1oSsDa4DWOI=\",\"wI/mdqjIM5YbIjR/8donJ/YVubnkHT2uHfiDbYbeS9Y=\"],\"checkpoint\":{\"envelope\":\"log.demo.invalid\\n6\\nFCKwEt9Bs9oKYTWRb8T3GL8/r/2vGXXo42UCwq0mMy4=\\n\\n— log.demo.invalid scnWFuS0iHEk7aENjJk+ccY56LYXqpoEDNblu1FOb6Y6hWv6qDHRtVgyejC1fQK9di4o9T1ynTUPwHGfszWdbDWhKAQ=\\n\"}},\"canonicalizedBody\":\"eyJhcGlWZXJzaW9uIjoiMC4wLjIiLCJraW5kIjoiaGFzaGVkcmVrb3JkIiwic3BlYyI6eyJoYXNoZWRSZWtvcmRWMDAyIjp7ImRhdGEiOnsiYWxnb3JpdGhtIjoiU0hBMl8yNTYiLCJkaWdlc3QiOiJFcUZZeFZnWVlGWFBLT0xJbm0vQURmVnk3dUxjaStNZDVyaVl3TERUY3JNPSJ9LCJzaWduYXR1cmUiOnsiY29udGVudCI6Ik1FWUNJUUN5eVBJQTFDNW5pWTNvc3BrOTg0cmJpTUVTeWQ1L3phclUvMDlOVEYyQVdRSWhBTi9TQlcyZ1lMWXBWZE9vdmFoREswNWNiZVRxdjZZVkluVHRMV2w3WCttUiIsInZlcmlmaWVyIjp7ImtleURldGFpbHMiOiJQS0lYX0VDRFNBX1AyNTZfU0hBXzI1NiIsInB1YmxpY0tleSI6eyJyYXdCeXRlcyI6Ik1Ga3dFd1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEUWdBRUNMN2V2NDhtTEhHd2xqYm1MVDBrM1pURzVhOHhSV3JaS2dTVVhGaTNVSHlDR1JzdG1zQldOemI3ZWhWR29sSGNTelJmcWwzWlU5WTNKWnRjR29yMVRnPT0ifX19fX19\"}]},\"dsseEnvelope\":{\"payload\":\"eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCJzdWJqZWN0IjpbeyJkaWdlc3QiOnsic2hhMjU2IjoiZmU0MjZjZDg0Yjc5ZDQwOTdjNDc3NjU4NGM5MWVjYWUxM2UxYTlmNDAzNTM0MGM4MDBiZDI1NzhiMjhlMjZhZCJ9LCJhbm5vdGF0aW9ucyI6e319XSwicHJlZGljYXRlVHlwZSI6Imh0dHBzOi8vc2lnc3RvcmUuZGV2L2Nvc2lnbi9zaWduL3YxIiwicHJlZGljYXRlIjp7fX0=\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[{\"sig\":\"MEYCIQCyyPIA1C5niY3ospk984rbiMESyd5/zarU/09NTF2AWQIhAN/SBW2gYLYpVdOovahDK05cbeTqv6YVInTtLWl7X+mR\"}]}}",
 "demo/bundle/linux-arm64.json": "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"size\":294,\"digest\":\"sha256:422c2aa4db72291cd8a1d249c7e1ea30f7bda4b962509c49e28a6de223f147ab\"},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"size\":115,\"digest\":\"sha256:80f50d716c919199ef06a092255de8b08c33f82af16192b63e07979df69e99a6\"}]}",
 "demo/legacy/cosign-verify.txt": "$ cosign verify --key demo.pub --trusted-root trusted_root.json localhost:5000/demo/legacy:1.0\n\nVerification for localhost:5000/demo/legacy:1.0 --\nThe following checks were performed on each of these signatures:\n  - The cosign claims were validated\n  - Existence of the claims in the transparency log was verified offline\n  - The signatures were verified against the specified public key\n\n[{\"critical\":{\"identity\":{\"docker-reference\":\"localhost:5000/demo/legacy\"},\"image\":{\"docker-manifest-digest\":\"sha256:058edbfabe681a54f3a51d95eb7b9ec9a5902b09a2df6f58c5818686445206ed\"},\"type\":\"cosign container image signature\"},\"optional\":{\"Bundle\":{\"SignedEntryTimestamp\":\"MEYCIQD+MezpnEZ785jsMSbctdp+ljyql2RHRTcz4o3I7ZtROwIhAPP40025FyjEqa/hTTesiqvFGalwcAtl91UF+PFg4s4C\",\"Payload\":{\"body\":\"eyJhcGlWZXJzaW9uIjoiMC4wLjEiLCJraW5kIjoiaGFzaGVkcmVrb3JkIiwic3BlYyI6eyJkYXRhIjp7Imhhc2giOnsiYWxnb3JpdGhtIjoic2hhMjU2IiwidmFsdWUiOiJhMTUzMjQ1ZmIwNmVjOWI5ODg2NjJmY2RlOWVkNmIxNTYyZTk1YWM1NTg1ZjQ2OTNiMjA5NmYwYTc4NWU0YTFmIn19LCJzaWduYXR1cmUiOnsiY29udGVudCI6Ik1FVUNJQ0hUcHlYTDg1Ny8zWnNQVnErUngzUjYwelozQ0lBQUpDcmVzU2owenlhNEFpRUF5SlFMcTNnOU1ZbFFiTy84NjBQUzg1VmlMTy9OZkJnQ1FGcGpjbG5DVEZJPSIsInB1YmxpY0tleSI6eyJjb250ZW50IjoiTFMwdExTMUNSVWRKVGlCUVZVSk1TVU1nUzBWWkxTMHRMUzBLVFVacmQwVjNXVWhMYjFwSmVtb3dRMEZSV1VsTGIxcEplbW93UkVGUlkwUlJaMEZGUTB3M1pYWTBPRzFNU0VkM2JHcGliVXhVTUdzeldsUkhOV0U0ZUFwU1YzSmFTMmRUVlZoR2FUTlZTSGxEUjFKemRHMXpRbGRPZW1JM1pXaFdSMjlzU0dOVGVsSm1jV3d6V2xVNVdUTktXblJqUjI5eU1WUm5QVDBLTFMwdExTMUZUa1FnVUZWQ1RFbERJRXRGV1MwdExTMHRDZz09In19fX0=\",\"integratedTime\":1795256545,\"logIndex\":1000011,\"logID\":\"c7d468af5fcd00b3cf66e62939e1268e6aca617c978cd742320129a50936f714\"}}}}]\n",
 "demo/legacy/crane-digest.txt": "$ crane digest localhost:5000/demo/legacy:1.0\nsha256:058edbfabe681a54f3a51d95eb7b9ec9a5902b09a2df6f58c5818686445206ed\n",
 "demo/legacy/index.json": "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.list.v2+json\",\"manifests\":[{\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\",\"size\":423,\"digest\":\"sha256:04e3b6f1aeddc6fdce79b498e5ae633b59b032ffa1146430064ec168c850abf7\",\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"},\"artifactType\":\"application/vnd.docker.container.image.v1+json\"},{\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\",\"size\":423,\"digest\":\"sha256:352991f077d1baafb0a98fa6de9ac34929076b359940997cc8362a1ff6ad86fa\",\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\"},\"artifactType\":\"application/vnd.docker.container.image.v1+json\"}]}",
 "demo/legacy/index.payload.json": "{\"critical\":{\"identity\":{\"docker-reference\":\"localhost:5000/demo/legacy\"},\"image\":{\"docker-manifest-digest\":\"sha256:058edbfabe681a54f3a51d95eb7b9ec9a5902b09a2df6f58c5818686445206ed\"},\"type\":\"cosign container image signature\"},\"optional\":null}",
 "demo/legacy/index.signature-manifest.json": "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"size\":233,\"digest\":\"sha256:3bf6d8f5c7d6919b2878c367881eb16bb2d236d2f056a1f9dcc5a5f543d2f92a\"},\"layers\":[{\"mediaType\":\"application/vnd.dev.cosign.simplesigning.v1+json\",\"size\":242,\"digest\":\"sha256:a153245fb06ec9b988662fcde9ed6b1562e95ac5585f4693b2096f0a785e4a1f\",\"annotations\":{\"dev.cosignproject.cosign/signature\":\"MEUCICHTpyXL857/3ZsPVq+Rx3R60zZ3CIAAJCresSj0zya4AiEAyJQLq3g9MYlQbO/860PS85ViLO/NfBgCQFpjclnCTFI=\",\"dev.sigstore.cosign/bundle\":\"{\\\"SignedEntryTimestamp\\\":\\\"MEYCIQD+MezpnEZ785jsMSbctdp+ljyql2RHRTcz4o3I7ZtROwIhAPP40025FyjEqa/hTTesiqvFGalwcAtl91UF+PFg4s4C\\\",\\\"Payload\\\":{\\\"body\\\":\\\"eyJhcGlWZXJzaW9uIjoiMC4wLjEiLCJraW5kIjoiaGFzaGVkcmVrb3JkIiwic3BlYyI6eyJkYXRhIjp7Imhhc2giOnsiYWxnb3JpdGhtIjoic2hhMjU2IiwidmFsdWUiOiJhMTUzMjQ1ZmIwNmVjOWI5ODg2NjJmY2RlOWVkNmIxNTYyZTk1YWM1NTg1ZjQ2OTNiMjA5NmYwYTc4NWU0YTFmIn19LCJzaWduYXR1cmUiOnsiY29udGVudCI6Ik1FVUNJQ0hUcHlYTDg1Ny8zWnNQVnErUngzUjYwelozQ0lBQUpDcmVzU2owenlhNEFpRUF5SlFMcTNnOU1ZbFFiTy84NjBQUzg1VmlMTy9OZkJnQ1FGcGpjbG5DVEZJPSIsInB1YmxpY0tleSI6eyJjb250ZW50IjoiTFMwdExTMUNSVWRKVGlCUVZVSk1TVU1nUzBWWkxTMHRMUzBLVFVacmQwVjNXVWhMYjFwSmVtb3dRMEZSV1VsTGIxcEplbW93UkVGUlkwUlJaMEZGUTB3M1pYWTBPRzFNU0VkM2JHcGliVXhVTUdzeldsUkhOV0U0ZUFwU1YzSmFTMmRUVlZoR2FUTlZTSGxEUjFKemRHMXpRbGRPZW1JM1pXaFdSMjlzU0dOVGVsSm1jV3d6V2xVNVdUTktXblJqUjI5eU1WUm5QVDBLTFMwdExTMUZUa1FnVUZWQ1RFbERJRXRGV1MwdExTMHRDZz09In19fX0=\\\",\\\"integratedTime\\\":1795256545,\\\"logIndex\\\":1000011,\\\"logID\\\":\\\"c7d468af5fcd00b3cf66e62939e1268e6aca617c978cd742320129a50936f714\\\"}}\"}}]}",
 "demo/legacy/payload-changed.json": "{\"critical\":{\"identity\":{\"docker-reference\":\"localhost:5000/demo/legacy\"},\"image\":{\"docker-manifest-digest\":\"sha256:058edbfabe681a54f3a51d95eb7b9ec9a5902b09a2df6f58c5818686445206e0\"},\"type\":\"cosign container image signature\"},\"optional\":null}",
 "demo/mirror/docker-pull-changed.txt": "$ docker pull localhost:5000/demo/hello:1.0\n1.0: Pulling from demo/hello\nDigest: sha256:024f89296b845fc73a2a4217a03ed7d4b9ffd79c2eeb7daef5ea85c1a80d1809\nStatus: Downloaded newer image for localhost:5000/demo/hello:1.0\nlocalhost:5000/demo/hello:1.0\n",
 "demo/mirror/other-arm64.txt": "$ docker buildx imagetools inspect --raw mirror.example/demo/hello:1.0\n{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.oci.image.index.v1+json\",\n   \"manifests\": [\n      {\n         \"mediaType\": \"application/vnd.oci.image.manifest.v1+json\",\n         \"size\": 501,\n         \"digest\": \"sha256:32794b554deaef9cfc2d118f122cde8b48d8cbcdda46c3e66bae493ff76798af\",\n         \"platform\": {\n            \"architecture\": \"amd64\",\n            \"os\": \"linux\"\n         },\n         \"artifactType\": \"application/vnd.oci.image.config.v1+json\"\n      },\n      {\n         \"mediaType\": \"application/vnd.oci.image.manifest.v1+json\",\n         \"size\": 501,\n         \"digest\": \"sha256:2906845e6fe06c3269617ec3e0e2b98c7b5c9eb72a7015d6377d17cdc5e905c3\",\n         \"platform\": {\n            \"architecture\": \"arm64\",\n            \"os\": \"linux\"\n         },\n         \"artifactType\": \"application/vnd.oci.image.config.v1+json\"\n      }\n   ]\n}\n$ docker buildx imagetools inspect --raw mirror.example/demo/hello@sha256:32794b554deaef9cfc2d118f122cde8b48d8cbcdda46c3e66bae493ff76798af\n{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.oci.image.manifest.v1+json\",\n   \"config\": {\n      \"mediaType\": \"application/vnd.oci.image.config.v1+json\",\n      \"size\": 294,\n      \"digest\": \"sha256:6119ab942c8b5aa5cd73525bad12b325be900d38ef94be39ef276e9cd1cfedaf\"\n   },\n   \"layers\": [\n      {\n         \"mediaType\": \"application/vnd.oci.image.layer.v1.tar+gzip\",\n         \"size\": 115,\n         \"digest\": \"sha256:d3295e2a318abc29cc140affeded27874f55ac1f99bb156a0f05ae8063949601\"\n      }\n   ]\n}\n$ docker buildx imagetools inspect --raw mirror.example/demo/hello@sha256:2906845e6fe06c3269617ec3e0e2b98c7b5c9eb72a7015d6377d17cdc5e905c3\n{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.oci.image.manifest.v1+json\",\n   \"config\": {\n      \"mediaType\": \"application/vnd.oci.image.config.v1+json\",\n      \"size\": 297,\n      \"digest\": \"sha256:81955bee531859952f6f77f27d3da12d094b78a0c40517c1c5249747f17ec0e7\"\n   },\n   \"layers\": [\n      {\n         \"mediaType\": \"application/vnd.oci.image.layer.v1.tar+gzip\",\n         \"size\": 115,\n         \"digest\": \"sha256:80f50d716c919199ef06a092255de8b08c33f82af16192b63e07979df69e99a6\"\n      }\n   ]\n}\n",
 "demo/mirror/same.txt": "$ docker buildx imagetools inspect --raw mirror.example/demo/hello:1.0\n{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.oci.image.index.v1+json\",\n   \"manifests\": [\n      {\n         \"mediaType\": \"application/vnd.oci.image.manifest.v1+json\",\n         \"size\": 501,\n         \"digest\": \"sha256:32794b554deaef9cfc2d118f122cde8b48d8cbcdda46c3e66bae493ff76798af\",\n         \"platform\": {\n            \"architecture\": \"amd64\",\n            \"os\": \"linux\"\n         },\n         \"artifactType\": \"application/vnd.oci.image.config.v1+json\"\n      },\n      {\n         \"mediaType\": \"application/vnd.oci.image.manifest.v1+json\",\n         \"size\": 501,\n         \"digest\": \"sha256:0e53d74c52ed2ce4520f7f8b07e66c436160a1b62dfd2ecbe0a4ac20f5da7221\",\n         \"platform\": {\n            \"architecture\": \"arm64\",\n            \"os\": \"linux\"\n         },\n         \"artifactType\": \"application/vnd.oci.image.config.v1+json\"\n      }\n   ]\n}\n$ docker buildx imagetools inspect --raw mirror.example/demo/hello@sha256:32794b554deaef9cfc2d118f122cde8b48d8cbcdda46c3e66bae493ff76798af\n{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.oci.image.manifest.v1+json\",\n   \"config\": {\n      \"mediaType\": \"application/vnd.oci.image.config.v1+json\",\n      \"size\": 294,\n      \"digest\": \"sha256:6119ab942c8b5aa5cd73525bad12b325be900d38ef94be39ef276e9cd1cfedaf\"\n   },\n   \"layers\": [\n      {\n         \"mediaType\": \"application/vnd.oci.image.layer.v1.tar+gzip\",\n         \"size\": 115,\n         \"digest\": \"sha256:d3295e2a318abc29cc140affeded27874f55ac1f99bb156a0f05ae8063949601\"\n      }\n   ]\n}\n$ docker buildx imagetools inspect --raw mirror.example/demo/hello@sha256:0e53d74c52ed2ce4520f7f8b07e66c436160a1b62dfd2ecbe0a4ac20f5da7221\n{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.oci.image.manifest.v1+json\",\n   \"config\": {\n      \"mediaType\": \"application/vnd.oci.image.config.v1+json\",\n      \"size\": 294,\n      \"digest\": \"sha256:422c2aa4db72291cd8a1d249c7e1ea30f7bda4b962509c49e28a6de223f147ab\"\n   },\n   \"layers\": [\n      {\n         \"mediaType\": \"application/vnd.oci.image.layer.v1.tar+gzip\",\n         \"size\": 115,\n         \"digest\": \"sha256:80f50d716c919199ef06a092255de8b08c33f82af16192b63e07979df69e99a6\"\n      }\n   ]\n}\n",
 "demo/mirror/signed.txt": "$ docker buildx imagetools inspect --raw localhost:5000/demo/hello:1.0\n{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"size\":401,\"digest\":\"sha256:33bae561fe0a09b76b08a94ffdd506edf6dd12ded2a1a5f4cbb28642f2e24409\",\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"},\"artifactType\":\"application/vnd.oci.image.config.v1+json\"},{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"size\":401,\"digest\":\"sha256:fe426cd84b79d4097c4776584c91ecae13e1a9f4035340c800bd2578b28e26ad\",\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\"},\"artifactType\":\"application/vnd.oci.image.config.v1+json\"}]}\n$ docker buildx imagetools inspect --raw localhost:5000/demo/hello@sha256:33bae561fe0a09b76b08a94ffdd506edf6dd12ded2a1a5f4cbb28642f2e24409\n{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"size\":294,\"digest\":\"sha256:6119ab942c8b5aa5cd73525bad12b325be900d38ef94be39ef276e9cd1cfedaf\"},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"size\":115,\"digest\":\"sha256:d3295e2a318abc29cc140affeded27874f55ac1f99bb156a0f05ae8063949601\"}]}\n$ docker buildx imagetools inspect --raw localhost:5000/demo/hello@sha256:fe426cd84b79d4097c4776584c91ecae13e1a9f4035340c800bd2578b28e26ad\n{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"size\":294,\"digest\":\"sha256:422c2aa4db72291cd8a1d249c7e1ea30f7bda4b962509c49e28a6de223f147ab\"},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"size\":115,\"digest\":\"sha256:80f50d716c919199ef06a092255de8b08c33f82af16192b63e07979df69e99a6\"}]}\n",
 "demo/other.pub": "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOlO7kBYXvBBJTGKrhAhZakLwbd/L\nz6YksvB0bPsbhsYVEl7d2RRX/zmrdSvqePytpXSN2Q9b5ytvJb4ZSnyZTw==\n-----END PUBLIC KEY-----\n",
 "demo/trusted_root.json": "{\n  \"mediaType\": \"application/vnd.dev.sigstore.trustedroot+json;version=0.1\",\n  \"tlogs\": [\n    {\n      \"baseUrl\": \"https://log.demo.invalid\",\n      \"hashAlgorithm\": \"SHA2_256\",\n      \"publicKey\": {\n        \"rawBytes\": \"MCowBQYDK2VwAyEAlPEs2YKd7s37/xSpdzg70rMIby6yrMFiPCp9rRsu8R0=\",\n        \"keyDetails\": \"PKIX_ED25519\",\n        \"validFor\": {\n          \"start\": \"2024-01-01T00:00:00Z\"\n        }\n      },\n      \"logId\": {\n        \"keyId\": \"scnWFjzS4sQ/2mEXeoK7FxQAs5YJm3UAI33pIdq+n1g=\"\n      }\n    },\n    {\n      \"baseUrl\": \"https://rekor.demo.invalid\",\n      \"hashAlgorithm\": \"SHA2_256\",\n      \"publicKey\": {\n        \"rawBytes\": \"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAELfC5c4px7W+NKhHwnyuqoCWU3mEY7CcKwp2YlyTrDehPDU3pFdGK77N7mh3xJ5pFIZG7A/vBUSL/rt5kAzkZ5Q==\",\n        \"keyDetails\": \"PKIX_ECDSA_P256_SHA_256\",\n        \"validFor\": {\n          \"start\": \"2024-01-01T00:00:00Z\"\n        }\n      },\n      \"logId\": {\n        \"keyId\": \"x9Ror1/NALPPZuYpOeEmjmrKYXyXjNdCMgEppQk29xQ=\"\n      }\n    }\n  ]\n}\n",
 "demo/unlogged/crane-digest.txt": "$ crane digest localhost:5000/demo/unlogged:1.0\nsha256:260ca21b36310a7ca0044956334181604293dd5420e94f01d1604b3b492de4fc\n",
 "demo/unlogged/index.bundle.json": "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"verificationMaterial\":{\"publicKey\":{\"hint\":\"jy+REbR9xj2jmpkpTyi4Ld4RP3AQyUM5pZwfSgzP+2k=\"}},\"dsseEnvelope\":{\"payload\":\"eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCJzdWJqZWN0IjpbeyJkaWdlc3QiOnsic2hhMjU2IjoiMjYwY2EyMWIzNjMxMGE3Y2EwMDQ0OTU2MzM0MTgxNjA0MjkzZGQ1NDIwZTk0ZjAxZDE2MDRiM2I0OTJkZTRmYyJ9LCJhbm5vdGF0aW9ucyI6e319XSwicHJlZGljYXRlVHlwZSI6Imh0dHBzOi8vc2lnc3RvcmUuZGV2L2Nvc2lnbi9zaWduL3YxIiwicHJlZGljYXRlIjp7fX0=\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[{\"sig\":\"MEUCIQDnb8A+pyTmtHSN41xOMfl48BfZ2OCJ+XiQnteL96+CZAIgB17BIzq/Yc2TCTKd1dj1xtjXaDRA8AVbO98IKXfMSrE=\"}]}}",
 "demo/unlogged/index.json": "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"size\":401,\"digest\":\"sha256:46269946e0e1a566f374b27bdba9e4492985c964ee1bc7e7b4294360b98e13e7\",\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"},\"artifactType\":\"application/vnd.oci.image.config.v1+json\"},{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"size\":401,\"digest\":\"sha256:679d420ee153439b2b37ec0259c34a291ff5c8696bf64f87db9a28da4a160121\",\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\"},\"artifactType\":\"application/vnd.oci.image.config.v1+json\"}]}",
 "demo/unsigned/crane-digest.txt": "$ crane digest localhost:5000/demo/unsigned:1.0\nsha256:aa692974fd1fe13c5bd3a3c5c7661df984b79c225bbe873b8585ce166e5692d7\n",
 "demo/unsigned/index.json": "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"size\":401,\"digest\":\"sha256:a08dd10e3550e3caac533c04441d497be1c483134bce6088b5dde9ad1c1adb9a\",\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"},\"artifactType\":\"application/vnd.oci.image.config.v1+json\"},{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"size\":401,\"digest\":\"sha256:bd1479206dac1202de33ee97c830756696d893364b1a3a864f78ddfcca23bc40\",\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\"},\"artifactType\":\"application/vnd.oci.image.config.v1+json\"}]}",
 "demo/unsigned/places-asked.txt": "$ curl -s http://localhost:5000/v2/demo/unsigned/referrers/sha256:aa692974fd1fe13c5bd3a3c5c7661df984b79c225bbe873b8585ce166e5692d7\n{\"errors\":[{\"code\":\"METHOD_UNKNOWN\",\"message\":\"We don't understand your method + url\"}]}\n$ curl -s http://localhost:5000/v2/demo/unsigned/manifests/sha256-aa692974fd1fe13c5bd3a3c5c7661df984b79c225bbe873b8585ce166e5692d7\n{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"Unknown manifest\"}]}\n$ curl -s http://localhost:5000/v2/demo/unsigned/manifests/sha256-aa692974fd1fe13c5bd3a3c5c7661df984b79c225bbe873b8585ce166e5692d7.sig\n{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"Unknown manifest\"}]}\n",
 "digests/corretto-list.txt": "{\n  \"manifests\": [\n    {\n      \"digest\": \"sha256:717ba3e944ebbbbc0f1e0a37a1099cd2c6154549398ac96f9a1bc5c47ee18d7a\",\n      \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n      \"platform\": {\n        \"architecture\": \"amd64\",\n        \"os\": \"linux\"\n      },\n      \"size\": 742\n    },\n    {\n      \"digest\": \"sha256:0b480d28d84b4492c9f6eace74094a8295035572f4202f15b10ce1c144d67a13\",\n      \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n      \"platform\": {\n        \"architecture\": \"arm64\",\n        \"os\": \"linux\",\n        \"variant\": \"v8\"\n      },\n      \"size\": 742\n    }\n  ],\n  \"mediaType\": \"application/vnd.docker.distribution.manifest.list.v2+json\",\n  \"schemaVersion\": 2\n}\n",
 "digests/corretto-manifest.txt": "{\n  \"schemaVersion\": 2,\n  \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n  \"config\": {\n    \"mediaType\": \"application/vnd.docker.container.image.v1+json\",\n    \"size\": 2990,\n    \"digest\": \"sha256:e5a017eba449ce2eb19d142ad9d92b997006af8f761162d189ed384b4e6f4a63\"\n  },\n  \"layers\": [\n    {\n      \"mediaType\": \"application/vnd.docker.image.rootfs.diff.tar.gzip\",\n      \"size\": 61996576,\n      \"digest\": \"sha256:62350c28fdb7b7cbd0e199dd893555ed129ed85da482d882b1eeb574988ea7d6\"\n    },\n    {\n      \"mediaType\": \"application/vnd.docker.image.rootfs.diff.tar.gzip\",\n      \"size\": 146517618,\n      \"digest\": \"sha256:383b03c8da6a748602d2579040e3d1b907c0c4c0b6d59b586e8e41c342acace6\"\n    }\n  ]\n}\n",
 "digests/fedora-config.txt": "$ cat image-config | jq\n{\n  \"architecture\": \"amd64\",\n  \"config\": {\n    \"Hostname\": \"\",\n    \"Domainname\": \"\",\n    \"User\": \"\",\n    \"AttachStdin\": false,\n    \"AttachStdout\": false,\n    \"AttachStderr\": false,\n    \"Tty\": false,\n    \"OpenStdin\": false,\n    \"StdinOnce\": false,\n    \"Env\": [\n      \"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\",\n      \"DISTTAG=f33container\",\n      \"FGC=f33\",\n      \"FBR=f33\"\n    ],\n    \"Cmd\": [\n      \"/bin/bash\"\n    ],\n    \"Image\": \"sha256:3b1b0c55a47e10ea93d904fc20c39d253f9e1ad770922e8fb4af93dcec6691ce\",\n    \"Volumes\": null,\n    \"WorkingDir\": \"\",\n    \"Entrypoint\": null,\n    \"OnBuild\": null,\n    \"Labels\": {\n      \"maintainer\": \"Clement Verna <cverna@fedoraproject.org>\"\n    }\n  },\n  \"container\": \"50cf73b69958473ab2f9a10d3249df073c99b7767ec7f1ff5ffd56da4f35397b\",\n  \"container_config\": {\n    \"Hostname\": \"50cf73b69958\",\n    \"Domainname\": \"\",\n    \"User\": \"\",\n    \"AttachStdin\": false,\n    \"AttachStdout\": false,\n    \"AttachStderr\": false,\n    \"Tty\": false,\n    \"OpenStdin\": false,\n    \"StdinOnce\": false,\n    \"Env\": [\n      \"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\",\n      \"DISTTAG=f33container\",\n      \"FGC=f33\",\n      \"FBR=f33\"\n    ],\n    \"Cmd\": [\n      \"/bin/sh\",\n      \"-c\",\n      \"#(nop) \",\n      \"CMD [\\\"/bin/bash\\\"]\"\n    ],\n    \"Image\": \"sha256:3b1b0c55a47e10ea93d904fc20c39d253f9e1ad770922e8fb4af93dcec6691ce\",\n    \"Volumes\": null,\n    \"WorkingDir\": \"\",\n    \"Entrypoint\": null,\n    \"OnBuild\": null,\n    \"Labels\": {\n      \"maintainer\": \"Clement Verna <cverna@fedoraproject.org>\"\n    }\n  },\n  \"created\": \"2020-11-12T00:25:31.334712859Z\",\n  \"docker_version\": \"19.03.12\",\n  \"history\": [\n    {\n      \"created\": \"2019-01-16T21:21:55.569693599Z\",\n      \"created_by\": \"/bin/sh -c #(nop)  LABEL maintainer=Clement Verna <cverna@fedoraproject.org>\",\n      \"empty_layer\": true\n    },\n    {\n      \"created\": \"2020-04-30T23:21:44.324893962Z\",\n      \"created_by\": \"/bin/sh -c #(nop)  ENV DISTTAG=f33container FGC=f33 FBR=f33\",\n      \"empty_layer\": true\n    },\n    {\n      \"created\": \"2020-11-12T00:25:30.976066436Z\",\n      \"created_by\": \"/bin/sh -c #(nop) ADD file:240dde03c4d9f0ad759f8d1291fb45ab2745b6a108c6164d746766239d3420ab in / \"\n    },\n    {\n      \"created\": \"2020-11-12T00:25:31.334712859Z\",\n      \"created_by\": \"/bin/sh -c #(nop)  CMD [\\\"/bin/bash\\\"]\",\n      \"empty_layer\": true\n    }\n  ],\n  \"os\": \"linux\",\n  \"rootfs\": {\n    \"type\": \"layers\",\n    \"diff_ids\": [\n      \"sha256:ed0c36ccfcbe08498869bb435711b2657b593806792e29582fa90f43d87b2dfb\"\n    ]\n  }\n}\n",
 "digests/fedora-list.txt": "{\n  \"manifests\": [\n    {\n      \"digest\": \"sha256:fdf235fa167d2aa5d820fba274ec1d2edeb0534bd32d28d602a19b31bad79b80\",\n      \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n      \"platform\": {\n        \"architecture\": \"amd64\",\n        \"os\": \"linux\"\n      },\n      \"size\": 529\n    },\n    {\n      \"digest\": \"sha256:12cea180e80e7f5b8847a82d35b4bd6a8089703f4c17d662512e49884146fa45\",\n      \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n      \"platform\": {\n        \"architecture\": \"arm\",\n        \"os\": \"linux\",\n        \"variant\": \"v7\"\n      },\n      \"size\": 529\n    },\n    {\n      \"digest\": \"sha256:6678ea27e7c7e3fce4adbc08d84cfef3d04211ee8e14e128acf6571b331a068a\",\n      \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n      \"platform\": {\n        \"architecture\": \"arm64\",\n        \"os\": \"linux\",\n        \"variant\": \"v8\"\n      },\n      \"size\": 529\n    },\n    {\n      \"digest\": \"sha256:2237bb2b8b11cb0858e9c3c791ce1cf45035122ad7f065fb2d723ca2ad0a822d\",\n      \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n      \"platform\": {\n        \"architecture\": \"ppc64le\",\n        \"os\": \"linux\"\n      },\n      \"size\": 529\n    },\n    {\n      \"digest\": \"sha256:153fa742cea71512a14224856538bcba53bb201f630304fd82abd78806fd1cf1\",\n      \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n      \"platform\": {\n        \"architecture\": \"s390x\",\n        \"os\": \"linux\"\n      },\n      \"size\": 529\n    }\n  ],\n  \"mediaType\": \"application/vnd.docker.distribution.manifest.list.v2+json\",\n  \"schemaVersion\": 2\n}\n",
 "digests/fedora-manifest.txt": "$ sha256sum manifest\nfdf235fa167d2aa5d820fba274ec1d2edeb0534bd32d28d602a19b31bad79b80  manifest\n\n$ cat manifest\n{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n   \"config\": {\n      \"mediaType\": \"application/vnd.docker.container.image.v1+json\",\n      \"size\": 1997,\n      \"digest\": \"sha256:b3048463dcefbe4920ef2ae1af43171c9695e2077f315b2bc12ed0f6f67c86c7\"\n   },\n   \"layers\": [\n      {\n         \"mediaType\": \"application/vnd.docker.image.rootfs.diff.tar.gzip\",\n         \"size\": 63374419,\n         \"digest\": \"sha256:ae7b613df528a37664448affa6e52ff405701cda015a2a67301423bc20226b61\"\n      }\n   ]\n}\n",
 "webdis-0.1.18/ecr.txt": "$ docker pull public.ecr.aws/nicolas/webdis:0.1.18\n0.1.18: Pulling from nicolas/webdis\nDigest: sha256:6def97f1299c4de2046b1ae77427a7fa41552c91d3ae02059f79dbcb0650fe9e\nStatus: Downloaded newer image for public.ecr.aws/nicolas/webdis:0.1.18\npublic.ecr.aws/nicolas/webdis:0.1.18\n$ docker image inspect public.ecr.aws/nicolas/webdis:0.1.18 | grep -w Id\n        \"Id\": \"sha256:ecadadde26d4b78216b1b19e903a116ebcd824ae7f27963c5e3518ab1a58d859\",\n",
 "webdis-0.1.18/hub.txt": "$ docker pull nicolas/webdis:0.1.18\n0.1.18: Pulling from nicolas/webdis\nDigest: sha256:6def97f1299c4de2046b1ae77427a7fa41552c91d3ae02059f79dbcb0650fe9e\nStatus: Image is up to date for nicolas/webdis:0.1.18\ndocker.io/nicolas/webdis:0.1.18\n$ docker image inspect nicolas/webdis:0.1.18 | grep -w Id\n        \"Id\": \"sha256:ecadadde26d4b78216b1b19e903a116ebcd824ae7f27963c5e3518ab1a58d859\",\n",
 "webdis-0.1.19/docker-manifest-inspect.txt": "$ docker manifest inspect docker.io/nicolas/webdis:0.1.19\n{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.docker.distribution.manifest.list.v2+json\",\n   \"manifests\": [\n      {\n         \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n         \"size\": 1365,\n         \"digest\": \"sha256:2ced2d99146e1bcaf10541d17dbac573cffd02237c3b268875be1868138d3b54\",\n         \"platform\": {\n            \"architecture\": \"amd64\",\n            \"os\": \"linux\"\n         }\n      },\n      {\n         \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n         \"size\": 1365,\n         \"digest\": \"sha256:d026c5675552947b6a755439dfd58360e44a8860436f4eddfe9b26d050801248\",\n         \"platform\": {\n            \"architecture\": \"arm64\",\n            \"os\": \"linux\",\n            \"variant\": \"v8\"\n         }\n      }\n   ]\n}\n",
 "webdis-0.1.19/docker-pull.txt": "$ docker pull nicolas/webdis:0.1.19\n0.1.19: Pulling from nicolas/webdis\nDigest: sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667\nStatus: Image is up to date for nicolas/webdis:0.1.19\ndocker.io/nicolas/webdis:0.1.19\n",
 "webdis-0.1.19/docker-trust-inspect-filtered.txt": "$ docker trust inspect docker.io/nicolas/webdis:0.1.19 | grep -Ew '[A-Z][A-Za-z]+' | sed -E -e 's/ {8}/  /g' | sed -E -e 's/\"|(^ {2})|((\\[|,)$)//g'\nName: docker.io/nicolas/webdis:0.1.19\nSignedTags:\n  SignedTag: 0.1.19\n  Digest: 5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667\n  Signers:\n      Repo Admin\nSigners:\n  Name: nicolasff\n  Keys:\n    ID: dd0768b9d35d344bbd1681418d27052c4c896a59be214352448daa2b6925b95b\nAdministrativeKeys:\n  Name: Root\n  Keys:\n    ID: 40be21f47831d593892370a8e3fc5bfffb16887c707bd81a6aed2088dc8f4bef\n  Name: Repository\n  Keys:\n    ID: fed0b56b8a8fd4d156fb2f47c2e8bd3eb61948b72a787c18e2fa3ea3233bba1a\n",
 "webdis-0.1.19/docker-trust-inspect-pretty.txt": "$ docker trust inspect --pretty nicolas/webdis:0.1.19\n\nSignatures for nicolas/webdis:0.1.19\n\nSIGNED TAG   DIGEST                                                             SIGNERS\n0.1.19       5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667   (Repo Admin)\n\nList of signers and their keys for nicolas/webdis:0.1.19\n\nSIGNER      KEYS\nnicolasff   dd0768b9d35d\n\nAdministrative keys for nicolas/webdis:0.1.19\n\n  Repository Key:       fed0b56b8a8fd4d156fb2f47c2e8bd3eb61948b72a787c18e2fa3ea3233bba1a\n  Root Key:    40be21f47831d593892370a8e3fc5bfffb16887c707bd81a6aed2088dc8f4bef\n",
 "webdis-0.1.19/ecr-amd64-config.txt": "$ docker manifest inspect public.ecr.aws/nicolas/webdis@sha256:ec6a77ec083a659d3293810542c07bc1eee74e148cb02448cca3bfb260d7c19c | grep -A3 config\n    \"config\": {\n        \"mediaType\": \"application/vnd.docker.container.image.v1+json\",\n        \"size\": 2728,\n        \"digest\": \"sha256:010021e00e0910d0b73d0bfc9cb58ce583e96f3ad69fc6ee4a7a41baa707d7f7\"\n",
 "webdis-0.1.19/ecr-list-digests.txt": "$ docker manifest inspect public.ecr.aws/nicolas/webdis:0.1.19 | grep -E 'digest|architecture'\n         \"digest\": \"sha256:ec6a77ec083a659d3293810542c07bc1eee74e148cb02448cca3bfb260d7c19c\",\n            \"architecture\": \"amd64\",\n         \"digest\": \"sha256:d78f48b96464cd31bb1c29b01bcdaceac28c2ccb2d52a294cdf4cf840f5b6433\",\n            \"architecture\": \"arm64\",\n",
 "webdis-0.1.19/hub-amd64-config.txt": "$ docker manifest inspect nicolas/webdis@sha256:2ced2d99146e1bcaf10541d17dbac573cffd02237c3b268875be1868138d3b54 | grep -A3 config\n    \"config\": {\n        \"mediaType\": \"application/vnd.docker.container.image.v1+json\",\n        \"digest\": \"sha256:010021e00e0910d0b73d0bfc9cb58ce583e96f3ad69fc6ee4a7a41baa707d7f7\",\n        \"size\": 2728\n",
 "webdis-0.1.19/hub-list-digests.txt": "$ docker manifest inspect nicolas/webdis:0.1.19 | grep -E 'digest|architecture'\n         \"digest\": \"sha256:2ced2d99146e1bcaf10541d17dbac573cffd02237c3b268875be1868138d3b54\",\n            \"architecture\": \"amd64\",\n         \"digest\": \"sha256:d026c5675552947b6a755439dfd58360e44a8860436f4eddfe9b26d050801248\",\n            \"architecture\": \"arm64\",\n"
};
const list = [
 {
  "id": "webdis-0.1.19-list",
  "section": "webdis",
  "title": "0.1.19: the list behind the tag",
  "description": "docker pull prints a digest; docker manifest inspect prints the list. The list hashes to the digest that the author's README states for this release.",
  "inputs": [
   {
    "name": "docker pull",
    "origin": "paste",
    "file": "webdis-0.1.19/docker-pull.txt"
   },
   {
    "name": "docker manifest inspect",
    "origin": "paste",
    "file": "webdis-0.1.19/docker-manifest-inspect.txt"
   }
  ],
  "options": {
   "publisher": "webdis",
   "image": "nicolas/webdis:0.1.19"
  },
  "expect": {
   "outcome": "proven"
  }
 },
 {
  "id": "webdis-0.1.19-trust",
  "section": "webdis",
  "title": "0.1.19: docker trust inspect",
  "description": "Every key id in its place; the list itself hashes to the digest that the author documented, which a text that names keys does not replace.",
  "inputs": [
   {
    "name": "docker pull",
    "origin": "paste",
    "file": "webdis-0.1.19/docker-pull.txt"
   },
   {
    "name": "docker trust inspect",
    "origin": "paste",
    "file": "webdis-0.1.19/docker-trust-inspect-pretty.txt"
   },
   {
    "name": "docker manifest inspect",
    "origin": "paste",
    "file": "webdis-0.1.19/docker-manifest-inspect.txt"
   }
  ],
  "options": {
   "publisher": "webdis",
   "image": "nicolas/webdis:0.1.19"
  },
  "expect": {
   "outcome": "proven"
  }
 },
 {
  "id": "webdis-0.1.19-trust-filtered",
  "section": "webdis",
  "title": "0.1.19: docker trust inspect through grep and sed",
  "description": "The shortened form of the same output.",
  "inputs": [
   {
    "name": "docker trust inspect",
    "origin": "paste",
    "file": "webdis-0.1.19/docker-trust-inspect-filtered.txt"
   },
   {
    "name": "docker manifest inspect",
    "origin": "paste",
    "file": "webdis-0.1.19/docker-manifest-inspect.txt"
   }
  ],
  "options": {
   "publisher": "webdis",
   "image": "nicolas/webdis:0.1.19"
  },
  "expect": {
   "outcome": "proven"
  }
 },
 {
  "id": "webdis-0.1.19-two-registries",
  "section": "webdis",
  "title": "0.1.19: Docker Hub and ECR, platform by platform",
  "description": "Two lists, two manifests, one configuration: the lists differ, the amd64 image is said to be the same.",
  "inputs": [
   {
    "name": "Docker Hub list",
    "origin": "paste",
    "file": "webdis-0.1.19/docker-manifest-inspect.txt"
   },
   {
    "name": "Docker Hub digests",
    "origin": "paste",
    "file": "webdis-0.1.19/hub-list-digests.txt"
   },
   {
    "name": "Docker Hub amd64",
    "origin": "paste",
    "file": "webdis-0.1.19/hub-amd64-config.txt"
   },
   {
    "name": "ECR digests",
    "origin": "paste",
    "file": "webdis-0.1.19/ecr-list-digests.txt"
   },
   {
    "name": "ECR amd64",
    "origin": "paste",
    "file": "webdis-0.1.19/ecr-amd64-config.txt"
   }
  ],
  "options": {
   "publisher": "webdis",
   "image": "nicolas/webdis:0.1.19"
  },
  "expect": {
   "outcome": "proven"
  }
 },
 {
  "id": "webdis-0.1.18-two-registries",
  "section": "webdis",
  "title": "0.1.18: Docker Hub and ECR, one platform",
  "description": "The same Digest and the same Id from both registries.",
  "inputs": [
   {
    "name": "Docker Hub",
    "origin": "paste",
    "file": "webdis-0.1.18/hub.txt"
   },
   {
    "name": "ECR",
    "origin": "paste",
    "file": "webdis-0.1.18/ecr.txt"
   }
  ],
  "options": {
   "publisher": "webdis",
   "image": "nicolas/webdis:0.1.18"
  },
  "expect": {
   "outcome": "consistent"
  }
 },
 {
  "id": "demo-bundle",
  "section": "demo",
  "title": "cosign 3 bundle, with a log",
  "description": "An OCI index and the bundle that signs it, with the entry of a transparency log made for this demo. Key and log come from the options, not from the evidence.",
  "inputs": [
   {
    "name": "index.json",
    "origin": "file",
    "file": "demo/bundle/index.json"
   },
   {
    "name": "signature-manifest.json",
    "origin": "file",
    "file": "demo/bundle/index.signature-manifest.json"
   },
   {
    "name": "bundle.json",
    "origin": "file",
    "file": "demo/bundle/index.bundle.json"
   },
   {
    "name": "crane digest",
    "origin": "paste",
    "file": "demo/bundle/crane-digest.txt"
   }
  ],
  "options": {
   "key": "demo.pub",
   "trustedRoot": "demo/trusted_root.json",
   "image": "localhost:5000/demo/hello:1.0"
  },
  "expect": {
   "outcome": "proven"
  }
 },
 {
  "id": "demo-platforms",
  "section": "demo",
  "title": "The whole image: index, platforms, configurations",
  "description": "The index names two manifests; each manifest names its configuration and has a signature of its own, as cosign sign --recursive makes them.",
  "inputs": [
   {
    "name": "index.json",
    "origin": "file",
    "file": "demo/bundle/index.json"
   },
   {
    "name": "index.bundle.json",
    "origin": "file",
    "file": "demo/bundle/index.bundle.json"
   },
   {
    "name": "linux-amd64.json",
    "origin": "file",
    "file": "demo/bundle/linux-amd64.json"
   },
   {
    "name": "linux-amd64.bundle.json",
    "origin": "file",
    "file": "demo/bundle/linux-amd64.bundle.json"
   },
   {
    "name": "linux-amd64-config.json",
    "origin": "file",
    "file": "demo/bundle/linux-amd64-config.json"
   },
   {
    "name": "linux-arm64.json",
    "origin": "file",
    "file": "demo/bundle/linux-arm64.json"
   },
   {
    "name": "linux-arm64.bundle.json",
    "origin": "file",
    "file": "demo/bundle/linux-arm64.bundle.json"
   },
   {
    "name": "linux-arm64-config.json",
    "origin": "file",
    "file": "demo/bundle/linux-arm64-config.json"
   },
   {
    "name": "crane digest",
    "origin": "paste",
    "file": "demo/bundle/crane-digest.txt"
   }
  ],
  "options": {
   "key": "demo.pub",
   "trustedRoot": "demo/trusted_root.json",
   "image": "localhost:5000/demo/hello:1.0"
  },
  "expect": {
   "outcome": "proven"
  }
 },
 {
  "id": "demo-two-registries",
  "section": "demo",
  "title": "Two registries, the same images",
  "description": "Another registry holds the image under its own index and manifests, unsigned. They name the same configurations, whose bytes list the layers, platform by platform: the picture shows it.",
  "inputs": [
   {
    "name": "signed registry",
    "origin": "paste",
    "file": "demo/mirror/signed.txt"
   },
   {
    "name": "index.bundle.json",
    "origin": "file",
    "file": "demo/bundle/index.bundle.json"
   },
   {
    "name": "other registry",
    "origin": "paste",
    "file": "demo/mirror/same.txt"
   },
   {
    "name": "linux-amd64-config.json",
    "origin": "file",
    "file": "demo/bundle/linux-amd64-config.json"
   },
   {
    "name": "linux-arm64-config.json",
    "origin": "file",
    "file": "demo/bundle/linux-arm64-config.json"
   }
  ],
  "options": {
   "key": "demo.pub",
   "trustedRoot": "demo/trusted_root.json",
   "image": "mirror.example/demo/hello:1.0"
  },
  "expect": {
   "outcome": "proven"
  }
 },
 {
  "id": "demo-legacy",
  "section": "demo",
  "title": "Older cosign form (.sig), with a log",
  "description": "A Docker manifest list, the signature manifest found under its .sig tag, and the payload that was signed.",
  "inputs": [
   {
    "name": "list.json",
    "origin": "file",
    "file": "demo/legacy/index.json"
   },
   {
    "name": "signature-manifest.json",
    "origin": "file",
    "file": "demo/legacy/index.signature-manifest.json"
   },
   {
    "name": "payload.json",
    "origin": "file",
    "file": "demo/legacy/index.payload.json"
   },
   {
    "name": "crane digest",
    "origin": "paste",
    "file": "demo/legacy/crane-digest.txt"
   }
  ],
  "options": {
   "key": "demo.pub",
   "trustedRoot": "demo/trusted_root.json",
   "image": "localhost:5000/demo/legacy:1.0"
  },
  "expect": {
   "outcome": "proven"
  }
 },
 {
  "id": "demo-legacy-output",
  "section": "demo",
  "title": "Older form: what cosign verify printed",
  "description": "For the older form cosign prints the signed text and the log entry, so that the signature can be verified again from the output.",
  "inputs": [
   {
    "name": "cosign verify",
    "origin": "paste",
    "file": "demo/legacy/cosign-verify.txt"
   },
   {
    "name": "list.json",
    "origin": "file",
    "file": "demo/legacy/index.json"
   }
  ],
  "options": {
   "key": "demo.pub",
   "trustedRoot": "demo/trusted_root.json",
   "image": "localhost:5000/demo/legacy:1.0"
  },
  "expect": {
   "outcome": "proven"
  }
 },
 {
  "id": "demo-cosign-output",
  "section": "demo",
  "title": "cosign 3: what cosign verify printed",
  "description": "For a bundle cosign prints its verdict, not the signature: the text alone shows nothing, the bundle is missing.",
  "inputs": [
   {
    "name": "cosign verify",
    "origin": "paste",
    "file": "demo/bundle/cosign-verify.txt"
   },
   {
    "name": "index.json",
    "origin": "file",
    "file": "demo/bundle/index.json"
   }
  ],
  "options": {
   "key": "demo.pub",
   "trustedRoot": "demo/trusted_root.json",
   "image": "localhost:5000/demo/hello:1.0"
  },
  "expect": {
   "outcome": "not-checked"
  }
 },
 {
  "id": "demo-log-ignored",
  "section": "demo",
  "title": "No log entry, and none asked for",
  "description": "The same check with the log switched off: proven, with a caveat that says so.",
  "inputs": [
   {
    "name": "index.json",
    "origin": "file",
    "file": "demo/unlogged/index.json"
   },
   {
    "name": "bundle.json",
    "origin": "file",
    "file": "demo/unlogged/index.bundle.json"
   },
   {
    "name": "crane digest",
    "origin": "paste",
    "file": "demo/unlogged/crane-digest.txt"
   }
  ],
  "options": {
   "key": "demo.pub",
   "ignoreTlog": true,
   "image": "localhost:5000/demo/unlogged:1.0"
  },
  "expect": {
   "outcome": "proven"
  }
 },
 {
  "id": "demo-not-logged",
  "section": "demo",
  "title": "Good signature, no log entry",
  "description": "Signed by the demo key, but no transparency log has seen it.",
  "inputs": [
   {
    "name": "index.json",
    "origin": "file",
    "file": "demo/unlogged/index.json"
   },
   {
    "name": "bundle.json",
    "origin": "file",
    "file": "demo/unlogged/index.bundle.json"
   },
   {
    "name": "crane digest",
    "origin": "paste",
    "file": "demo/unlogged/crane-digest.txt"
   }
  ],
  "options": {
   "key": "demo.pub",
   "trustedRoot": "demo/trusted_root.json",
   "image": "localhost:5000/demo/unlogged:1.0"
  },
  "expect": {
   "outcome": "not-checked"
  }
 },
 {
  "id": "refused-other-key",
  "section": "refused",
  "title": "Another key",
  "description": "The signature is good, but not by the key you chose.",
  "inputs": [
   {
    "name": "index.json",
    "origin": "file",
    "file": "demo/bundle/index.json"
   },
   {
    "name": "bundle.json",
    "origin": "file",
    "file": "demo/bundle/index.bundle.json"
   },
   {
    "name": "crane digest",
    "origin": "paste",
    "file": "demo/bundle/crane-digest.txt"
   }
  ],
  "options": {
   "key": "demo/other.pub",
   "trustedRoot": "demo/trusted_root.json",
   "image": "localhost:5000/demo/hello:1.0"
  },
  "expect": {
   "outcome": "contradicted"
  }
 },
 {
  "id": "refused-changed-payload",
  "section": "refused",
  "title": "One byte of the signed text changed",
  "description": "The payload names another digest, and the signature no longer fits it.",
  "inputs": [
   {
    "name": "list.json",
    "origin": "file",
    "file": "demo/legacy/index.json"
   },
   {
    "name": "signature-manifest.json",
    "origin": "file",
    "file": "demo/legacy/index.signature-manifest.json"
   },
   {
    "name": "payload.json",
    "origin": "file",
    "file": "demo/legacy/payload-changed.json"
   },
   {
    "name": "crane digest",
    "origin": "paste",
    "file": "demo/legacy/crane-digest.txt"
   }
  ],
  "options": {
   "key": "demo.pub",
   "trustedRoot": "demo/trusted_root.json",
   "image": "localhost:5000/demo/legacy:1.0"
  },
  "expect": {
   "outcome": "not-checked"
  }
 },
 {
  "id": "refused-changed-index",
  "section": "refused",
  "title": "One byte of the index changed",
  "description": "Your computer pulled an index that names another arm64 manifest than the signed one, which the registry still names.",
  "inputs": [
   {
    "name": "index.json",
    "origin": "file",
    "file": "demo/bundle/index-changed.json"
   },
   {
    "name": "bundle.json",
    "origin": "file",
    "file": "demo/bundle/index.bundle.json"
   },
   {
    "name": "crane digest",
    "origin": "paste",
    "file": "demo/bundle/crane-digest.txt"
   },
   {
    "name": "docker pull",
    "origin": "paste",
    "file": "demo/mirror/docker-pull-changed.txt"
   }
  ],
  "options": {
   "key": "demo.pub",
   "trustedRoot": "demo/trusted_root.json",
   "image": "localhost:5000/demo/hello:1.0"
  },
  "expect": {
   "outcome": "contradicted"
  }
 },
 {
  "id": "refused-two-registries",
  "section": "refused",
  "title": "Two registries, one image differs",
  "description": "The other registry's arm64 manifest names another configuration than the signed one.",
  "inputs": [
   {
    "name": "signed registry",
    "origin": "paste",
    "file": "demo/mirror/signed.txt"
   },
   {
    "name": "index.bundle.json",
    "origin": "file",
    "file": "demo/bundle/index.bundle.json"
   },
   {
    "name": "other registry",
    "origin": "paste",
    "file": "demo/mirror/other-arm64.txt"
   }
  ],
  "options": {
   "key": "demo.pub",
   "trustedRoot": "demo/trusted_root.json",
   "image": "mirror.example/demo/hello:1.0"
  },
  "expect": {
   "outcome": "contradicted"
  }
 },
 {
  "id": "refused-unsigned",
  "section": "refused",
  "title": "No signature among what was given",
  "description": "A registry said that it has none in the three places where cosign puts them. Pasted, that is only text: unsigned is a verdict for those who fetch.",
  "inputs": [
   {
    "name": "index.json",
    "origin": "file",
    "file": "demo/unsigned/index.json"
   },
   {
    "name": "places asked",
    "origin": "paste",
    "file": "demo/unsigned/places-asked.txt"
   },
   {
    "name": "crane digest",
    "origin": "paste",
    "file": "demo/unsigned/crane-digest.txt"
   }
  ],
  "options": {
   "key": "demo.pub",
   "trustedRoot": "demo/trusted_root.json",
   "image": "localhost:5000/demo/unsigned:1.0"
  },
  "expect": {
   "outcome": "not-checked"
  }
 },
 {
  "id": "digests-fedora",
  "section": "digests",
  "title": "fedora:latest from list to image ID",
  "description": "The list and the configuration were re-printed by jq, the manifest by cat. All three recover to the bytes their digests name.",
  "inputs": [
   {
    "name": "list",
    "origin": "paste",
    "file": "digests/fedora-list.txt"
   },
   {
    "name": "manifest",
    "origin": "paste",
    "file": "digests/fedora-manifest.txt"
   },
   {
    "name": "configuration",
    "origin": "paste",
    "file": "digests/fedora-config.txt"
   }
  ],
  "options": {
   "digest": "sha256:aa889c59fc048b597dcfab40898ee3fcaad9ed61caf12bcfef44493ee670e9df"
  },
  "expect": {
   "outcome": "not-checked"
  }
 },
 {
  "id": "digests-corretto",
  "section": "digests",
  "title": "amazoncorretto:11 manifest with other indentation",
  "description": "Two spaces instead of three: another text, another digest, until the indentation is put back.",
  "inputs": [
   {
    "name": "list",
    "origin": "paste",
    "file": "digests/corretto-list.txt"
   },
   {
    "name": "manifest",
    "origin": "paste",
    "file": "digests/corretto-manifest.txt"
   }
  ],
  "options": {
   "digest": "sha256:717ba3e944ebbbbc0f1e0a37a1099cd2c6154549398ac96f9a1bc5c47ee18d7a"
  },
  "expect": {
   "outcome": "not-checked"
  }
 }
];

/** The groups of the examples menu: { id, title, description }. */
export const sections = [
 {
  "id": "webdis",
  "title": "Webdis 0.1.18 and 0.1.19 (Docker Content Trust)",
  "description": "What the terminal printed for two published Webdis releases."
 },
 {
  "id": "demo",
  "title": "Demo images (demo key)",
  "description": "Two small images made for this page. The real cosign 3 signed them with a throwaway demo key; the key says nothing about Webdis."
 },
 {
  "id": "refused",
  "title": "What is refused (demo key)",
  "description": "The same demo images with another key, a changed byte, or no signature."
 },
 {
  "id": "digests",
  "title": "Reading digests",
  "description": "Outputs whose original bytes can be recovered: fedora:latest of 2020 and amazoncorretto:11 of 2021."
 }
];

/** The examples: { id, section, title, description, inputs: [{ name, origin, text }], options, expect }. */
export const examples = list.map((example) => ({
  ...example,
  inputs: example.inputs.map(({ name, origin, file }) => ({ name, origin, text: files[file] })),
  options: {
    ...example.options,
    ...(example.options.key && { key: files[example.options.key] }),
    ...(example.options.trustedRoot && { trustedRoot: files[example.options.trustedRoot] }),
  },
}));
